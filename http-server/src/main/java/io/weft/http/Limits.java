package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a client may ask of the server before it is refused: {@link #DEFAULT}, or that with some of
 * it changed. A time of null, or zero, is no limit, but for {@link #keepAlive}; negative ones are
 * refused. Immutable.
 *
 * <pre>{@code
 * var limits = Limits.DEFAULT.body(1_000_000).keepAlive(Duration.ofSeconds(15));
 * }</pre>
 */
public final class Limits {
    /** Each as its method says. */
    public static final Limits DEFAULT = new Limits(new Values());

    /** Written before they are in a Limits, and then no more. */
    private static final class Values implements Cloneable {
        private int requestLine = 4094;
        private int headerCount = 100;
        private int headerSize = 8190;
        private long body;
        private @Nullable Duration headTime = Duration.ofSeconds(20);
        private @Nullable Duration keepAlive = Duration.ofSeconds(2);
        private @Nullable Duration bodyTime = Duration.ofSeconds(60);
        private @Nullable Duration writeTime = Duration.ofSeconds(60);
        private @Nullable Duration requestTime;
        private int unreadBody = 256 * 1024;

        Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final Values values;

    private Limits(Values values) {
        this.values = values;
    }

    private Limits with(Consumer<Values> change) {
        Values changed = values.copy();
        change.accept(changed);
        return new Limits(changed);
    }

    private static int positive(String what, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "the limit on the " + what + " has to be at least 1, but was " + limit);
        }
        return limit;
    }

    private static long notNegative(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "a limit on bodies cannot be negative, but was " + bytes);
        }
        return bytes;
    }

    private static @Nullable Duration notNegative(@Nullable Duration time) {
        if (time != null && time.isNegative()) {
            throw new IllegalArgumentException("a limit cannot be negative, but was " + time);
        }
        return time;
    }

    /** Bytes of the request line; more is answered by 414. 4094 by default (gunicorn). */
    public int requestLine() {
        return values.requestLine;
    }

    public Limits requestLine(int bytes) {
        positive("request line", bytes);
        return with(changed -> changed.requestLine = bytes);
    }

    /** Fields of the head; more is answered by 431. 100 by default (gunicorn). */
    public int headerCount() {
        return values.headerCount;
    }

    /** Bytes of one field; more is answered by 431. 8190 by default (gunicorn). */
    public int headerSize() {
        return values.headerSize;
    }

    /** Both: how many fields, and how many bytes in each. */
    public Limits headers(int count, int size) {
        positive("header count", count);
        positive("header size", size);
        return with(
                changed -> {
                    changed.headerCount = count;
                    changed.headerSize = size;
                });
    }

    /** The most that the head of a request may have in all, in bytes. */
    public int head() {
        return (int) Math.min((long) headerCount() * (headerSize() + 2), 256 * 1024);
    }

    /**
     * Bytes of a request's body; more is answered by 413. 0, for any, by default (gunicorn; nginx:
     * 1 MB).
     */
    public long body() {
        return values.body;
    }

    public Limits body(long bytes) {
        notNegative(bytes);
        return with(changed -> changed.body = bytes);
    }

    /**
     * From the connection's, or the request's, first byte to the end of the head, then 408. 20 s by
     * default (Apache; nginx: client_header_timeout, 60 s).
     */
    public @Nullable Duration headTime() {
        return values.headTime;
    }

    public Limits headTime(@Nullable Duration time) {
        notNegative(time);
        return with(changed -> changed.headTime = time);
    }

    /**
     * How long a connection may wait for its next request, from when the last answer is out. Zero
     * is none: each answer says {@code Connection: close} (gunicorn, nginx); null is no limit. 2 s
     * by default (gunicorn).
     */
    public @Nullable Duration keepAlive() {
        return values.keepAlive;
    }

    public Limits keepAlive(@Nullable Duration time) {
        notNegative(time);
        return with(changed -> changed.keepAlive = time);
    }

    /**
     * The longest wait for the next bytes of a body. 60 s by default (nginx: client_body_timeout).
     */
    public @Nullable Duration bodyTime() {
        return values.bodyTime;
    }

    /**
     * The longest wait for a client that does not read, between two of its steps, never for the
     * whole response; then it is cut. 60 s by default (nginx: send_timeout).
     */
    public @Nullable Duration writeTime() {
        return values.writeTime;
    }

    /** Both waits for a client: for its body, and for it to read. */
    public Limits clientTime(@Nullable Duration bodyWait, @Nullable Duration writeWait) {
        notNegative(bodyWait);
        notNegative(writeWait);
        return with(
                changed -> {
                    changed.bodyTime = bodyWait;
                    changed.writeTime = writeWait;
                });
    }

    /** How long a handler may take until its response begins, then 503. None by default. */
    public @Nullable Duration requestTime() {
        return values.requestTime;
    }

    public Limits requestTime(@Nullable Duration time) {
        notNegative(time);
        return with(changed -> changed.requestTime = time);
    }

    /**
     * Bytes of a body that the handler has left unread which are read and dropped to save the
     * connection, for 30 s at most and 5 s without any. 256 KB by default (Jetty, Go; nginx:
     * lingering_time, lingering_timeout).
     */
    public int unreadBody() {
        return values.unreadBody;
    }

    public Limits unreadBody(int bytes) {
        notNegative(bytes);
        return with(changed -> changed.unreadBody = bytes);
    }
}
