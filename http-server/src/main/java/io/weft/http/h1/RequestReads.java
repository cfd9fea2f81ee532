package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.weft.Loop;
import io.weft.LoopLocal;

/**
 * Has a connection read into a scratch buffer of its loop, which stays in the processor's cache:
 * most reads bring whole requests without a body, of which the decoder keeps nothing. For
 * transports that fill the buffer before they return from the read (not io_uring), and where the
 * decoder is the first to see what was read. A connection that fills it gets larger ones of its
 * own, as with Netty's own guess, until it no longer does. Loop-confined.
 */
final class RequestReads extends DefaultMaxMessagesRecvByteBufAllocator {
    /** A page of requests, and little enough where one has to wait in it after all. */
    private static final int SCRATCH_BYTES = 8 * 1024;

    private static final int LARGEST = 64 * 1024;
    private static final int GROWTH = 4;

    /** Reads in a row before other connections have their turn, as Netty's stream channels. */
    private static final int MAX_READS = 16;

    private static final LoopLocal<Scratch> SCRATCH = new LoopLocal<>(loop -> new Scratch());

    private final Scratch scratch;
    private boolean ended;

    RequestReads(Loop loop) {
        super(MAX_READS);
        this.scratch = SCRATCH.get(loop);
    }

    /**
     * Whether the bytes lie in the scratch buffer, and have to be gone when the decoder returns.
     */
    boolean isLent(Object read) {
        return read == scratch.buffer;
    }

    /** Another handler reads from now on. */
    void end() {
        ended = true;
    }

    @Override
    @SuppressWarnings("deprecation") // the return type is Netty's
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            private int size = SCRATCH_BYTES;

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return size == SCRATCH_BYTES && !ended
                        ? scratch.lend()
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
                    size = Math.max(SCRATCH_BYTES, size / GROWTH);
                }
                super.lastBytesRead(bytes);
            }
        };
    }

    private static final class Scratch implements AutoCloseable {
        private ByteBuf buffer = allocate();

        private static ByteBuf allocate() {
            return ByteBufAllocator.DEFAULT.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
        }

        /** Empty, with a reference for the caller; a fresh one if somebody keeps the last. */
        ByteBuf lend() {
            if (buffer.refCnt() == 1) {
                buffer.clear();
            } else {
                ByteBuf fresh = allocate();
                buffer.release(); // not before there is another: there may be no memory
                buffer = fresh;
            }
            return buffer.retain();
        }

        @Override
        public void close() {
            buffer.release();
        }
    }
}
