package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What a client may ask of the server before it is refused. A time of zero, or null, is none.
 *
 * @param requestLine bytes of the request line; more is answered by 414 (gunicorn: 4094)
 * @param headerCount fields of the head; more is answered by 431 (gunicorn: 100)
 * @param headerSize bytes of one field; more is answered by 431 (gunicorn: 8190)
 * @param body bytes of a request's body; more is answered by 413; 0 for any (gunicorn: any; nginx:
 *     1 MB)
 * @param headTime from the connection's, or the request's, first byte to the end of the head, then
 *     408 (nginx: client_header_timeout, 60 s; Apache: 20 s)
 * @param keepAlive how long a connection may wait for its next request (gunicorn: 2 s)
 * @param bodyTime the longest wait for the next bytes of a body (nginx: client_body_timeout, 60 s)
 * @param writeTime the longest wait for a client that does not read (nginx: send_timeout, 60 s)
 * @param requestTime how long a handler may take until its response begins, then 503; none by
 *     default
 * @param unreadBody bytes of a body that the handler has left unread which are read and dropped to
 *     save the connection (Jetty and Go: 256 KB)
 */
public record Limits(
        int requestLine,
        int headerCount,
        int headerSize,
        long body,
        @Nullable Duration headTime,
        @Nullable Duration keepAlive,
        @Nullable Duration bodyTime,
        @Nullable Duration writeTime,
        @Nullable Duration requestTime,
        int unreadBody) {
    public static final Limits DEFAULT =
            new Limits(
                    4094,
                    100,
                    8190,
                    0,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    null,
                    256 * 1024);

    public Limits {
        requirePositive("request line", requestLine);
        requirePositive("header count", headerCount);
        requirePositive("header size", headerSize);
        if (body < 0 || unreadBody < 0) {
            throw new IllegalArgumentException("a limit on bodies cannot be negative");
        }
    }

    private static void requirePositive(String what, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "the limit on the " + what + " has to be at least 1, but was " + limit);
        }
    }

    public Limits requestLine(int bytes) {
        return new Limits(
                bytes,
                headerCount,
                headerSize,
                body,
                headTime,
                keepAlive,
                bodyTime,
                writeTime,
                requestTime,
                unreadBody);
    }

    public Limits headers(int count, int size) {
        return new Limits(
                requestLine,
                count,
                size,
                body,
                headTime,
                keepAlive,
                bodyTime,
                writeTime,
                requestTime,
                unreadBody);
    }

    public Limits body(long bytes) {
        return new Limits(
                requestLine,
                headerCount,
                headerSize,
                bytes,
                headTime,
                keepAlive,
                bodyTime,
                writeTime,
                requestTime,
                unreadBody);
    }

    public Limits headTime(@Nullable Duration time) {
        return new Limits(
                requestLine,
                headerCount,
                headerSize,
                body,
                time,
                keepAlive,
                bodyTime,
                writeTime,
                requestTime,
                unreadBody);
    }

    public Limits keepAlive(@Nullable Duration time) {
        return new Limits(
                requestLine,
                headerCount,
                headerSize,
                body,
                headTime,
                time,
                bodyTime,
                writeTime,
                requestTime,
                unreadBody);
    }

    /** Both waits for a client: for its body, and for it to read. */
    public Limits clientTime(@Nullable Duration bodyWait, @Nullable Duration writeWait) {
        return new Limits(
                requestLine,
                headerCount,
                headerSize,
                body,
                headTime,
                keepAlive,
                bodyWait,
                writeWait,
                requestTime,
                unreadBody);
    }

    public Limits requestTime(@Nullable Duration time) {
        return new Limits(
                requestLine,
                headerCount,
                headerSize,
                body,
                headTime,
                keepAlive,
                bodyTime,
                writeTime,
                time,
                unreadBody);
    }

    /** The most that the head of a request may have in all, in bytes. */
    public int head() {
        return (int) Math.min((long) headerCount * (headerSize + 2), 256 * 1024);
    }
}
