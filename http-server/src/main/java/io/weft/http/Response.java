package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

/**
 * The answer to one request: a status, headers, then a body, whole by {@code send} or bit by bit
 * through {@link #body()}. A response to HEAD, and one of status 204, 205 or 304, has its headers
 * and no body, whatever the handler writes (RFC 9110 section 6.4.1). For the handler's coroutine.
 *
 * <pre>
 *   open ──send──▶ complete
 *    └───body()──▶ streaming ──close or end of handler──▶ complete
 * </pre>
 */
public final class Response {
    private enum State {
        OPEN,
        STREAMING,
        COMPLETE
    }

    private static final byte[] NOTHING = {};

    private final Exchange exchange;
    private final boolean toHead;
    private ResponseSink sink;
    private State state = State.OPEN;
    private int status = 200;
    private @Nullable String reason;
    private @Nullable Headers headers;
    private @Nullable Headers trailers;
    private @Nullable ResponseBody stream;
    private @Nullable Upgrade upgrade;
    private @Nullable List<Map.Entry<String, String>> prepared = List.of(); // null: in a filter
    private long declared = -1; // Content-Length, if the application gave one
    private long sent;

    /** The answer of {@code exchange}. */
    public Response(Exchange exchange) {
        this.exchange = exchange;
        this.sink = exchange;
        this.toHead = exchange.method().equals("HEAD");
    }

    /**
     * Sets the status.
     *
     * @throws IllegalArgumentException if it is not 200 to 599; informational ones are not final
     * @throws IllegalStateException if the response has begun
     */
    public Response status(int code) {
        int next = Sendable.status(code);
        requireOpen("status");
        status = next;
        reason = null;
        return this;
    }

    /**
     * Sets the status, and the reason beside it, which clients must not heed (RFC 9112 section 4).
     *
     * @throws IllegalArgumentException as {@link #status(int)}, and if the reason has anything but
     *     ASCII that can be printed
     */
    public Response status(int code, String phrase) {
        String next = Sendable.reason(phrase);
        status(code);
        reason = next;
        return this;
    }

    public int status() {
        return status;
    }

    /**
     * The headers, to change until the response has begun; afterwards those that were sent. Setters
     * throw {@link IllegalStateException} then, and before {@link IllegalArgumentException} for
     * what the server sees to: a Transfer-Encoding, a second Content-Length, or one that is no
     * number.
     */
    public Headers headers() {
        if (headers == null) {
            headers = exchange.newHeaders();
        }
        return headers;
    }

    /** Sets one header. */
    public Response header(String name, String value) {
        requireOpen("header");
        headers().set(name, value);
        return this;
    }

    /**
     * Has the client save the body, by a name of any characters (RFC 6266). In a header that is set
     * by hand only those up to U+00FF can be sent, one byte each, and clients guess what they mean.
     */
    public Response attachment(String fileName) {
        return header("Content-Disposition", Disposition.attachment(fileName));
    }

    /** Has the client keep a cookie. */
    public Response cookie(Cookie cookie) {
        requireOpen("cookie");
        headers().add("Set-Cookie", cookie.encoded());
        return this;
    }

    /**
     * Fields to follow the body, of a response that is streamed over HTTP/1.1 (RFC 9110 section
     * 6.5). Those that cannot come so late are refused (section 6.5.1) by an {@link
     * IllegalArgumentException}, and by {@link IllegalStateException} all when the response is
     * complete.
     */
    public Headers trailers() {
        if (trailers == null) {
            trailers = exchange.newTrailers();
        }
        return trailers;
    }

    /** Sends text in UTF-8, as {@code text/plain} unless a Content-Type is set. */
    public void send(String text) throws IOException {
        requireOpen("send");
        Headers fields = headers();
        if (!fields.contains("Content-Type")) {
            fields.set("Content-Type", "text/plain; charset=utf-8");
        }
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the whole body, and with it the response. */
    public void send(byte[] body) throws IOException {
        requireOpen("send");
        Headers fields = headers();
        if (mayHaveBody() && !(toHead && body.length == 0 && fields.contains("Content-Length"))) {
            fields.set("Content-Length", Integer.toString(body.length)); // of GET's: section 8.6
        }
        state = State.COMPLETE;
        sent = toHead || !mayHaveBody() ? 0 : body.length;
        exchange.reason(reason);
        sink.whole(status, fields, sent == 0 ? NOTHING : body);
    }

    /** Sends the response without a body. */
    public void send() throws IOException {
        send(NOTHING);
    }

    /** Sends a file, from kernel to kernel where that can be; its Content-Type is the caller's. */
    public void sendFile(Path file) throws IOException {
        requireOpen("sendFile");
        FileChannel open = FileChannel.open(file, StandardOpenOption.READ);
        long size;
        try {
            size = open.size(); // of what is sent, whatever is put at the path meanwhile
        } catch (Throwable e) {
            open.close();
            throw e;
        }
        sendFile(open, 0, size);
    }

    /** Sends {@code count} bytes of a file from {@code position} on. */
    public void sendFile(Path file, long position, long count) throws IOException {
        requireOpen("sendFile");
        sendFile(FileChannel.open(file, StandardOpenOption.READ), position, count);
    }

    /**
     * Sends {@code count} bytes of an open file from {@code position} on, and closes it when they
     * are out, also if this fails.
     */
    public void sendFile(FileChannel file, long position, long count) throws IOException {
        boolean handedOn = false;
        try {
            requireOpen("sendFile");
            headers().set("Content-Length", Long.toString(count));
            begin();
            if (carriesBody() && count > 0) {
                sent += count;
                handedOn = true;
                sink.writeFile(file, position, count);
            }
        } finally {
            if (!handedOn) {
                file.close();
            }
        }
        end();
    }

    /**
     * The body as a stream: the head goes out with its first byte or flush. Without a {@code
     * Content-Length} of the handler's own it is chunked (HTTP/1.1) or ends with the connection
     * (HTTP/1.0). A write blocks while the client does not keep up.
     */
    public OutputStream body() {
        if (stream == null) {
            requireOpen("body");
            stream = new ResponseBody(this);
        }
        return stream;
    }

    /**
     * Has the handler interrupted as soon as the client goes away, where otherwise it would learn
     * of that when it next writes: for one that waits long. A client that has only closed its own
     * side counts as gone, as with nginx.
     */
    public void endWithClient() {
        exchange.endWithClient();
    }

    /**
     * Has the handler interrupted as soon as the server begins to stop: for one that would go on
     * for as long as it is let. When it ends by that interrupt, a response that has begun is
     * completed, so that the client sees a proper end and no cut; one that has not is a 503, which
     * asks the client to come again. A handler with a last word of its own waits for {@link
     * Request#stop()} instead.
     */
    public void endWithServer() {
        exchange.endWithServer();
    }

    /**
     * Changes the protocol when the handler has returned (RFC 9110 section 7.8); the response must
     * not have begun.
     */
    public void upgrade(Upgrade to) {
        requireOpen("upgrade");
        upgrade = to;
        status = 101;
        state = State.COMPLETE;
    }

    /** What the handler wants the connection to become; null if nothing. For the server. */
    public @Nullable Upgrade upgrade() {
        return upgrade;
    }

    /** Whether the head is out: then status and headers can no longer change. */
    public boolean isCommitted() {
        return state != State.OPEN;
    }

    /** How many bytes of body the handler has sent. */
    public long bytesSent() {
        return sent;
    }

    /**
     * How many bytes of body went out, which a filter may have made fewer; of a response that was
     * cut, about as many as the kernel took.
     */
    public long bytesTransferred() {
        return exchange.bodySent();
    }

    /**
     * Whether the client was cut off, or has gone, before all of the response was given to the
     * kernel. For who hears of it when it is over.
     */
    public boolean wasCut() {
        return upgrade == null && !exchange.isSent();
    }

    /** Whether it answers a HEAD: the head is all of it. */
    boolean isToHead() {
        return toHead;
    }

    /**
     * Has what the handler sends go through something else first: for a filter, before it passes
     * the request on.
     *
     * @param around is given what the response goes to now, and returns what it shall go to
     */
    public void through(UnaryOperator<ResponseSink> around) {
        requireOpen("through");
        sink = around.apply(sink);
    }

    /**
     * Forgets status, headers and the stream of a response that has not begun, to send another in
     * its place. What filters had set when they passed the request on stays.
     */
    public Response reset() {
        requireOpen("reset");
        status = 200;
        reason = null;
        trailers = null;
        stream = null;
        headers = null;
        if (prepared != null && !prepared.isEmpty()) {
            Headers fields = headers();
            prepared.forEach(field -> fields.add(field.getKey(), field.getValue()));
        }
        return this;
    }

    /** A filter has it: what is set now is for whatever answer there will be. */
    void inFilter() {
        prepared = null;
    }

    /** A filter has passed it on to who answers: what is set now is of that one answer. */
    void passedOn() {
        prepared =
                headers == null || headers.size() == 0
                        ? List.of()
                        : StreamSupport.stream(headers.spliterator(), false)
                                .map(field -> Map.entry(field.getKey(), field.getValue()))
                                .toList();
    }

    /**
     * Completes what the handler has left open. For the server.
     *
     * @throws IOException if less was written than its Content-Length said; the connection must be
     *     cut
     */
    public void complete() throws IOException {
        if (state == State.OPEN && stream == null) {
            send();
        } else {
            end();
        }
    }

    /**
     * Sends an error, as text, in place of an answer of which nothing has gone out. It has the
     * fields that filters have set, as those of CORS or a request's id; not those that describe an
     * answer's content or say how long to keep it ({@link ContentFields}). If nothing was given to
     * what filters have put before the protocol ({@link #through}), the error goes that way too.
     * For the server.
     *
     * @param more what this error must say, in place of what is there
     */
    public void fail(int code, Map<String, String> more, byte[] text) throws IOException {
        if (state != State.OPEN) {
            sink = exchange;
        }
        state = State.OPEN;
        upgrade = null;
        declared = -1;
        sent = 0;
        if (prepared != null) {
            reset();
        }
        Headers fields = headers();
        ContentFields.removeFrom(fields);
        more.forEach(fields::set);
        fields.set("Content-Type", "text/plain; charset=utf-8");
        status = code;
        reason = null;
        stream = null;
        trailers = null;
        send(text);
    }

    /**
     * Nothing went out, and nothing will: the log says so by a status of its own. For the server.
     */
    public void unanswered(int code) {
        status = code;
        sent = 0;
        state = State.COMPLETE;
    }

    /** A piece of the body, of at least one byte. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        ensureBegun();
        if (!carriesBody()) {
            return;
        }
        if (declared >= 0 && sent + length > declared) {
            throw new IOException(
                    "the handler announced "
                            + declared
                            + " bytes of body, but writes "
                            + (sent + length));
        }
        sent += length;
        sink.write(bytes, offset, length);
    }

    void flush() throws IOException {
        if (state != State.COMPLETE) {
            ensureBegun();
            sink.flush();
        }
    }

    private void ensureBegun() throws IOException {
        if (state == State.OPEN) {
            begin();
        } else if (state == State.COMPLETE) {
            throw new IOException("the response is complete");
        }
    }

    private void begin() throws IOException {
        Headers fields = headers();
        String length = fields.get("Content-Length");
        if (length != null) {
            declared = Sendable.length(length);
        }
        state = State.STREAMING;
        exchange.reason(reason);
        sink.begin(status, fields);
    }

    void end() throws IOException {
        if (state == State.COMPLETE) {
            return;
        }
        if (state == State.OPEN) {
            begin();
        }
        state = State.COMPLETE;
        if (carriesBody() && declared >= 0 && sent < declared) {
            throw new IOException(
                    "the handler announced " + declared + " bytes of body and wrote " + sent);
        }
        sink.end(trailers);
    }

    private boolean mayHaveBody() {
        return status != 204 && status != 205 && status != 304;
    }

    private boolean carriesBody() {
        return !toHead && mayHaveBody();
    }

    private void requireOpen(String call) {
        if (state != State.OPEN) {
            throw new IllegalStateException(
                    call + " comes too late: the response has begun with status " + status);
        }
    }
}
