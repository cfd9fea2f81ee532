package io.weft.net;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * Bytes that have come and have not been read. A buffer that is mostly empty is not kept: its bytes
 * are copied to where the last ones are, so that what waits costs about its own size; and a mailbox
 * that never held anything costs nothing. Loop-confined.
 */
final class Mailbox {
    private static final int SMALLEST = 512;

    private final LoopBuffers buffers;
    private @Nullable ArrayDeque<ByteBuf> queue;
    private int bytes;

    Mailbox(LoopBuffers buffers) {
        this.buffers = buffers;
    }

    int bytes() {
        return bytes;
    }

    /** Takes over {@code buffer}. */
    void add(ByteBuf buffer) {
        int count = buffer.readableBytes();
        bytes += count;
        if (count >= buffer.capacity() / 2) {
            queue().addLast(buffer);
            return;
        }
        ByteBuf last = queue().peekLast();
        if (last == null || last.refCnt() > 1 || last.writableBytes() < count) {
            last = buffers.allocate(Math.max(SMALLEST, count));
            queue().addLast(last);
        }
        last.writeBytes(buffer);
        buffer.release();
    }

    /** Puts bytes that were taken back before all others. */
    void putBack(byte[] source, int offset, int length) {
        if (length > 0) {
            ByteBuf buffer = buffers.allocate(length);
            buffer.writeBytes(source, offset, length);
            queue().addFirst(buffer);
            bytes += length;
        }
    }

    /** Moves up to {@code length} bytes. */
    int take(byte[] target, int offset, int length) {
        int taken = 0;
        while (taken < length && bytes > 0) {
            ByteBuf first = queue().getFirst();
            int count = Math.min(length - taken, first.readableBytes());
            first.readBytes(target, offset + taken, count);
            taken += count;
            consumed(first, count);
        }
        return taken;
    }

    /**
     * The oldest buffer, at most {@code limit} bytes of it; the caller releases it. Only if there
     * are bytes.
     */
    ByteBuf take(int limit) {
        ByteBuf first = queue().getFirst();
        int count = first.readableBytes();
        if (count <= limit) {
            bytes -= count;
            return queue().removeFirst();
        }
        bytes -= limit;
        return first.readRetainedSlice(limit);
    }

    /** All bytes in one buffer, which stays here; null if there are none. */
    @Nullable ByteBuf gathered() {
        if (queue().size() > 1) {
            ByteBuf all = buffers.allocate(bytes);
            for (ByteBuf part; (part = queue().pollFirst()) != null; ) {
                all.writeBytes(part);
                part.release();
            }
            queue().addLast(all);
        }
        return queue().peekFirst();
    }

    private void consumed(ByteBuf first, int count) {
        bytes -= count;
        if (!first.isReadable()) {
            queue().removeFirst();
            first.release();
        }
    }

    void clear() {
        if (queue != null) {
            queue.forEach(ByteBuf::release);
            queue.clear();
        }
        bytes = 0;
    }

    private ArrayDeque<ByteBuf> queue() {
        if (queue == null) {
            queue = new ArrayDeque<>(4);
        }
        return queue;
    }
}
