package io.weft.process;

import io.netty.buffer.Unpooled;
import io.weft.net.Connection;
import io.weft.net.LimitExceededException;
import io.weft.sync.Semaphore;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Messages over a connection, both ways, whole and in order: between a parent and its child, or any
 * two that have a {@link Connection} (gipc: pipe(duplex=True); Python: multiprocessing.Pipe). Any
 * thread; several may send at a time, and several receive.
 *
 * <p>A message is its length in four bytes, the highest first, and then its bytes. That is the form
 * of Python's {@code multiprocessing.connection}, whose {@code send_bytes} and {@code recv_bytes}
 * so are the other end. What is in the bytes is up to the two: pickled objects are not.
 *
 * <p>Nothing is lost when a receiver is killed or timed out, whatever of a message has come. One
 * that is killed while it sends a large message leaves the rest of it to the next to send or flush.
 *
 * <p>Differences from gipc: bytes instead of objects; there is a limit; the end is null instead of
 * EOFError, and an EOFException in the middle of a message.
 */
public final class MessagePipe implements Closeable {
    /** The largest message if none is named (gRPC: 4 MiB). */
    public static final int LIMIT = 4 << 20;

    /** What a connection takes at once, or not at all. */
    private static final int PIECE = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final int limit;
    private final Semaphore sending = new Semaphore(1);
    private final Semaphore receiving = new Semaphore(1);
    private ByteBuffer unsent = NOTHING; // by who has sending
    private final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES); // by who has receiving
    private @Nullable ByteBuffer message; // as header

    private MessagePipe(Connection connection, int limit) {
        this.connection = connection;
        this.limit = limit;
    }

    /** Messages of at most 4 MiB; nobody else is to use {@code connection} from now on. */
    public static MessagePipe over(Connection connection) {
        return over(connection, LIMIT);
    }

    /** As {@link #over(Connection)}, of at most {@code limit} bytes each. */
    public static MessagePipe over(Connection connection, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "expected a limit of at least one byte, but got " + limit);
        }
        return new MessagePipe(connection, limit);
    }

    /**
     * Sends a message; {@code bytes} may be used again at once. Waits while the other end is far
     * behind.
     *
     * @throws LimitExceededException if it is over the limit; nothing is sent
     * @throws java.io.InterruptedIOException if killed or timed out
     */
    public void send(byte[] bytes) throws IOException {
        if (bytes.length > limit) {
            throw new LimitExceededException(
                    "expected a message of at most "
                            + limit
                            + " bytes, but was to send one of "
                            + bytes.length);
        }
        take(sending);
        try {
            finishSending();
            unsent = ByteBuffer.allocate(Integer.BYTES + bytes.length);
            unsent.putInt(bytes.length).put(bytes).flip();
            finishSending();
        } finally {
            sending.release();
        }
    }

    /** As {@link #send(byte[])}, in UTF-8. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    private void finishSending() throws IOException {
        while (unsent.hasRemaining()) {
            var piece = unsent.slice(unsent.position(), Math.min(PIECE, unsent.remaining()));
            connection.write(Unpooled.wrappedBuffer(piece));
            unsent.position(unsent.position() + piece.capacity());
        }
        unsent = NOTHING;
    }

    /** Waits until everything sent has been given to the kernel. */
    public void flush() throws IOException {
        take(sending);
        try {
            finishSending();
            connection.flush();
        } finally {
            sending.release();
        }
    }

    /**
     * The next message; null if the other end has closed after a whole one.
     *
     * @throws LimitExceededException if the next is over the limit; the pipe is of no use then
     * @throws EOFException if the other end has gone in the middle of one
     * @throws java.io.InterruptedIOException if killed or timed out; nothing is lost
     */
    public byte @Nullable [] receive() throws IOException {
        take(receiving);
        try {
            ByteBuffer next = message;
            if (next == null) {
                if (!fill(header)) {
                    return null;
                }
                message = next = ByteBuffer.allocate(announced(header.getInt(0)));
            }
            if (!fill(next)) {
                throw ended(next);
            }
            header.clear();
            message = null;
            return next.array();
        } finally {
            receiving.release();
        }
    }

    /** As {@link #receive()}, read as UTF-8. */
    public @Nullable String receiveText() throws IOException {
        byte[] bytes = receive();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private int announced(int length) throws LimitExceededException {
        if (length < 0 || length > limit) {
            throw new LimitExceededException(
                    "expected a message of at most "
                            + limit
                            + " bytes, but "
                            + connection
                            + " announced one of "
                            + Integer.toUnsignedString(length));
        }
        return length;
    }

    /** False if the end comes before the first byte. */
    private boolean fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (connection.read(target) < 0) {
                if (target.position() == 0) {
                    return false;
                }
                throw ended(target);
            }
        }
        return true;
    }

    private EOFException ended(ByteBuffer target) {
        return new EOFException(
                "expected "
                        + target.capacity()
                        + (message == null
                                ? " bytes of a message's length, but "
                                : " bytes of a message, but ")
                        + connection
                        + " ended after "
                        + target.position());
    }

    private static void take(Semaphore turn) throws IOException {
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            throw Helpers.interrupted(e);
        }
    }

    /** The connection beneath. */
    public Connection connection() {
        return connection;
    }

    /**
     * Closes the connection; the other end receives what was sent before, and then null. Whoever
     * waits here gets an IOException.
     */
    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return "messages over " + connection;
    }
}
