package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Has a channel read into small buffers that its loop uses again and again. For io_uring, where
 * several reads are under way at once, so that one scratch buffer would not do. A channel that
 * fills its buffer gets larger ones, as with Netty's own guess, until it no longer does.
 * Loop-confined.
 */
final class PooledReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int LARGEST = 64 * 1024;
    private static final int GROWTH = 4;

    private final LoopBuffers buffers;

    PooledReads(LoopBuffers buffers) {
        this.buffers = buffers;
    }

    @Override
    @SuppressWarnings("deprecation") // the return type is Netty's
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            private int size = LoopBuffers.READ_BYTES;

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return size == LoopBuffers.READ_BYTES
                        ? buffers.takeRead()
                        : allocator.directBuffer(size);
            }

            @Override
            public int guess() {
                return size;
            }

            @Override
            public void lastBytesRead(int bytes) {
                if (bytes == attemptedBytesRead()) {
                    size = Math.min(LARGEST, size * GROWTH);
                } else if (bytes < size / GROWTH) {
                    size = Math.max(LoopBuffers.READ_BYTES, size / GROWTH);
                }
                super.lastBytesRead(bytes);
            }
        };
    }
}
