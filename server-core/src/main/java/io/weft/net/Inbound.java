package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weft.Loop;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/**
 * The inbound half of a connection, as coroutines see it: the reads. What is there is in the
 * mailbox; a coroutine that has to wait says where it wants its bytes, and {@link Inlet} puts them
 * there. Loop-confined, in coroutines.
 */
final class Inbound extends Inlet {
    Inbound(Connection connection, Loop loop, LoopBuffers buffers) {
        super(connection, loop, buffers);
    }

    int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        connection.checkNotClosed("read");
        if (mailbox.bytes() == 0) {
            int count = await(bytes, offset, length);
            if (count != 0) {
                return count;
            }
        }
        int count = mailbox.take(bytes, offset, length);
        taken();
        return count;
    }

    int read(ByteBuffer buffer) throws IOException {
        int room = buffer.remaining();
        if (room == 0) {
            return 0;
        }
        ByteBuf bytes = receive(room);
        if (bytes == null) {
            return -1;
        }
        try {
            int count = bytes.readableBytes();
            int end = buffer.limit();
            bytes.readBytes(buffer.limit(buffer.position() + count));
            buffer.limit(end);
            return count;
        } finally {
            bytes.release();
        }
    }

    /** What has come, 1 to {@code most} bytes, in an array of that length; null at the end. */
    byte @Nullable [] readSome(int most) throws IOException {
        checkMost(most);
        connection.checkNotClosed("read");
        byte[] bytes;
        if (mailbox.bytes() == 0) {
            int count = await(null, 0, most);
            bytes = target;
            target = null;
            if (count != 0) {
                return count < 0 ? null : bytes;
            }
        }
        bytes = new byte[Math.min(most, mailbox.bytes())];
        mailbox.take(bytes, 0, bytes.length);
        taken();
        return bytes;
    }

    private static void checkMost(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "at least one byte must be asked for, but was " + most);
        }
    }

    /** What has come, as a buffer that the caller releases; null at the end. */
    @Nullable ByteBuf receive(int most) throws IOException {
        checkMost(most);
        connection.checkNotClosed("read");
        if (mailbox.bytes() == 0 && await(null, 0, 0) < 0) {
            return null;
        }
        ByteBuf buffer = mailbox.take(most);
        taken();
        return buffer;
    }

    /**
     * Bytes up to and with {@code delimiter}; what is left before the end if no delimiter comes;
     * null if nothing is left.
     */
    byte @Nullable [] readUntil(byte[] delimiter, int most) throws IOException {
        if (delimiter.length == 0 || most < delimiter.length) {
            throw new IllegalArgumentException(
                    "a delimiter of " + delimiter.length + " bytes cannot come within " + most);
        }
        connection.checkNotClosed("read");
        ByteBuf needle = Unpooled.wrappedBuffer(delimiter);
        limit = Math.max(LIMIT, most);
        try {
            for (int searched = 0; ; ) {
                ByteBuf all = mailbox.gathered();
                if (all != null) {
                    int start = all.readerIndex();
                    int found =
                            ByteBufUtil.indexOf(
                                    needle,
                                    all.slice(start + searched, mailbox.bytes() - searched));
                    int end = found < 0 ? mailbox.bytes() : searched + found + delimiter.length;
                    if (end > most || (found < 0 && end == most)) {
                        throw new LimitExceededException(
                                "expected "
                                        + ByteBufUtil.hexDump(delimiter)
                                        + " within "
                                        + most
                                        + " bytes of "
                                        + connection);
                    }
                    if (found >= 0) {
                        return takeExactly(end);
                    }
                    searched = Math.max(0, mailbox.bytes() - delimiter.length + 1);
                }
                if (paused) {
                    connection.outbound.requestResume();
                }
                if (await(null, 0, 0) < 0) {
                    return mailbox.bytes() == 0 ? null : takeExactly(mailbox.bytes());
                }
            }
        } finally {
            limit = LIMIT;
            taken();
        }
    }

    private byte[] takeExactly(int count) {
        var bytes = new byte[count];
        mailbox.take(bytes, 0, count);
        return bytes;
    }

    void readExactly(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        try {
            while (done < length) {
                int count = read(bytes, offset + done, length - done);
                if (count < 0) {
                    throw new EOFException(
                            "expected "
                                    + length
                                    + " bytes, but "
                                    + connection
                                    + " ended after "
                                    + done);
                }
                done += count;
            }
        } catch (InterruptedIOException e) {
            mailbox.putBack(bytes, offset, done); // whoever goes on is not to miss them
            throw e;
        }
    }

    /**
     * Waits for input. Bytes delivered into {@code bytes}, or into {@code target} as a new array of
     * at most {@code length}; 0 if the mailbox has some, -1 at the end.
     */
    private int await(byte @Nullable [] bytes, int offset, int length) throws IOException {
        if (!ended) {
            if (gate.isOccupied()) {
                gate.await(loop); // tells the second reader that there is a first
            }
            target = bytes;
            targetOffset = offset;
            targetLength = length;
            delivered = 0;
            try {
                do {
                    gate.await(loop);
                } while (delivered == 0 && mailbox.bytes() == 0 && !ended); // somebody took them
            } finally {
                targetLength = 0;
                if (bytes != null) {
                    target = null;
                }
            }
            if (delivered > 0) {
                return delivered;
            }
            if (mailbox.bytes() > 0) {
                return 0;
            }
        }
        if (failure != null) {
            throw DisconnectedException.of("read", connection, failure);
        }
        return -1;
    }

    private void taken() {
        if (paused && mailbox.bytes() <= limit / 2) {
            connection.outbound.requestResume();
        }
    }

    boolean hasEnded() {
        return ended && mailbox.bytes() == 0;
    }

    int available() {
        return mailbox.bytes();
    }
}
