package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Has a channel read into its loop's scratch buffer. For transports that fill the buffer before
 * they return from the read (not io_uring), and for channels whose first handler copies out of it
 * (not TLS). Loop-confined.
 */
final class ScratchReads extends DefaultMaxMessagesRecvByteBufAllocator {
    /** Reads in a row before other connections have their turn, as Netty's stream channels. */
    private static final int MAX_READS = 16;

    private final LoopBuffers buffers;

    ScratchReads(LoopBuffers buffers) {
        super(MAX_READS);
        this.buffers = buffers;
    }

    @Override
    @SuppressWarnings("deprecation") // the return type is Netty's
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator ignored) {
                return buffers.scratch();
            }

            @Override
            public int guess() {
                return LoopBuffers.SCRATCH_BYTES;
            }
        };
    }
}
