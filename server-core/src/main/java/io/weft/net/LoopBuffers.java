package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.LoopLocal;

import java.util.ArrayDeque;

/**
 * Buffers that one loop's connections share. Input is read into one scratch buffer and copied on to
 * where the reader wants it, output is gathered in a few staging buffers: both stay in the
 * processor's cache, and the hot path allocates nothing. Loop-confined.
 */
final class LoopBuffers implements AutoCloseable {
    static final LoopLocal<LoopBuffers> OF = new LoopLocal<>(loop -> new LoopBuffers());

    /** As much as one read can bring: the most that Netty's own guess would come to. */
    static final int SCRATCH_BYTES = 64 * 1024;

    /** Small writes are gathered up to this size before they go to Netty. */
    static final int STAGING_BYTES = 4 * 1024;

    /** What a read of io_uring begins with (Netty: its first guess too). */
    static final int READ_BYTES = 2 * 1024;

    /** Twice what a hub turn's woken coroutines use. */
    private static final int KEPT = 32;

    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    private final ArrayDeque<ByteBuf> staging = new ArrayDeque<>(KEPT);
    final ScratchReads scratchReads = new ScratchReads(this);
    final PooledReads pooledReads = new PooledReads(this);
    private final ArrayDeque<ByteBuf> reads = new ArrayDeque<>(0);
    private boolean closed; // then a straggler on the JDK's scheduler may still give a buffer
    private ByteBuf scratch = allocator.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);

    /**
     * The scratch buffer, empty, with a reference for the caller; a fresh one if somebody keeps the
     * last.
     */
    ByteBuf scratch() {
        ByteBuf buffer = scratch;
        if (buffer.refCnt() == 1) {
            buffer.clear();
        } else {
            buffer.release();
            buffer = scratch = allocator.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
        }
        return buffer.retain();
    }

    ByteBuf takeStaging() {
        ByteBuf buffer = staging.pollLast();
        return buffer != null ? buffer : allocator.directBuffer(STAGING_BYTES, STAGING_BYTES);
    }

    /** Gives up the caller's reference; the buffer is used again if that was the last. */
    void giveStaging(ByteBuf buffer) {
        if (buffer.refCnt() == 1 && staging.size() < KEPT && !closed) {
            staging.addLast(buffer.clear());
        } else {
            buffer.release();
        }
    }

    ByteBuf takeRead() {
        ByteBuf buffer = reads.pollLast();
        return buffer != null ? buffer : allocator.directBuffer(READ_BYTES, READ_BYTES);
    }

    /** As {@link #giveStaging}, for what {@link PooledReads} may have brought. */
    void giveRead(ByteBuf buffer) {
        if (buffer.refCnt() == 1
                && buffer.capacity() == READ_BYTES
                && reads.size() < KEPT
                && !closed) {
            reads.addLast(buffer.clear());
        } else {
            buffer.release();
        }
    }

    ByteBuf allocate(int bytes) {
        return allocator.directBuffer(bytes);
    }

    @Override
    public void close() {
        closed = true;
        scratch.release();
        staging.forEach(ByteBuf::release);
        staging.clear();
        reads.forEach(ByteBuf::release);
        reads.clear();
    }
}
