package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.LoopLocal;
import io.weft.Transport;

import java.util.ArrayDeque;

/**
 * Buffers that one loop's connections share. Input is read into one scratch buffer and copied on to
 * where the reader wants it, output is gathered in a few staging buffers: both stay in the
 * processor's cache, and the hot path allocates nothing. Loop-confined.
 */
final class LoopBuffers implements AutoCloseable {
    static final LoopLocal<LoopBuffers> OF =
            new LoopLocal<>(
                    loop -> new LoopBuffers(loop.group().transport() == Transport.IO_URING));

    /** As much as one read can bring: the most that Netty's own guess would come to. */
    static final int SCRATCH_BYTES = 64 * 1024;

    /** Small writes are gathered up to this size before they go to Netty. */
    private static final int STAGING_BYTES = 4 * 1024;

    /** The same on io_uring, where many are under way at once and have to share the cache. */
    private static final int ASYNCHRONOUS_STAGING_BYTES = 1024;

    /** What a read of io_uring begins with (Netty: its first guess too). */
    static final int READ_BYTES = 2 * 1024;

    /** More than io_uring has under way between two looks at what it has completed. */
    private static final int KEPT = 128;

    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    final int stagingBytes;
    private final ArrayDeque<ByteBuf> staging = new ArrayDeque<>(0);
    final ScratchReads scratchReads = new ScratchReads(this);
    final PooledReads pooledReads = new PooledReads(this);
    private final ArrayDeque<ByteBuf> reads = new ArrayDeque<>(0);
    private boolean closed; // then a straggler on the JDK's scheduler may still give a buffer
    private ByteBuf scratch = allocator.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);

    private LoopBuffers(boolean asynchronous) {
        stagingBytes = asynchronous ? ASYNCHRONOUS_STAGING_BYTES : STAGING_BYTES;
    }

    /**
     * The scratch buffer, empty, with a reference for the caller; a fresh one if somebody keeps the
     * last.
     */
    ByteBuf scratch() {
        ByteBuf buffer = scratch;
        if (buffer.refCnt() == 1) {
            buffer.clear();
        } else {
            ByteBuf fresh = allocator.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
            buffer.release(); // not before there is another: there may be no memory
            buffer = scratch = fresh;
        }
        return buffer.retain();
    }

    ByteBuf takeStaging() {
        ByteBuf oldest = staging.peekFirst();
        if (oldest != null) {
            if (oldest.refCnt() == 1) {
                return staging.removeFirst().clear();
            }
            if (staging.size() == KEPT) { // so long under way: its connection is a slow one
                staging.removeFirst().release();
            }
        }
        return allocator.directBuffer(stagingBytes, stagingBytes);
    }

    /**
     * Gives up the caller's reference. The buffer is used again: at once if that was the last, else
     * in its turn, when it has been sent.
     */
    void giveStaging(ByteBuf buffer) {
        if (staging.size() == KEPT || closed) {
            buffer.release();
        } else if (buffer.refCnt() == 1) {
            staging.addFirst(buffer);
        } else {
            staging.addLast(buffer);
        }
    }

    ByteBuf takeRead() {
        ByteBuf buffer = reads.pollLast();
        return buffer != null ? buffer : allocator.directBuffer(READ_BYTES, READ_BYTES);
    }

    /**
     * Gives up the caller's reference to what {@link PooledReads} may have brought; the buffer is
     * used again if that was the last.
     */
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
