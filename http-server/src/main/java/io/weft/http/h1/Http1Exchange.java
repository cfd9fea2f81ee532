package io.weft.http.h1;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.Causes;
import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.http.Exchange;
import io.weft.http.Headers;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;
import io.weft.sync.Event;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * One request of a connection, in Netty's message, and its response, written as bytes. Decides how
 * the end of the body is told (RFC 9112 section 6.3) and whether the connection stays (section
 * 9.3). Loop-confined.
 */
final class Http1Exchange implements Exchange {
    /** Up to this size a copy is cheaper than a buffer of its own. */
    private static final int COPIED_BYTES = 4 * 1024;

    /** So much of a body is written, and counted, at once. */
    private static final int PIECE = 64 * 1024;

    private static final byte[] NO_BODY = {};
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Http1 owner;
    private final Connection connection;
    private final Inbox inbox;
    private final HttpRequest request;
    private final boolean old; // HTTP/1.0
    private final boolean expectsContinue;
    private boolean keepAlive;
    private boolean begun;
    private boolean bodyless;
    private boolean chunked;
    private boolean delimited; // the body's end can be told from that of the connection
    private boolean complete;
    private boolean answered; // the head is out
    private boolean handedOver;
    private @Nullable IOException loss; // what the client's end was last told by
    private long bodyWritten;
    private long headEnd; // of what was written on the connection, where the body begins
    private boolean empty; // there is no body, and its end has come with the head
    private @Nullable NettyHeaders headers; // made when they are asked for, as is the body
    private @Nullable BodyInput body;
    private @Nullable String reason;
    private @Nullable Timeout firstByteLimit;

    Http1Exchange(Http1 owner, Connection connection, Inbox inbox, HttpRequest request) {
        this.owner = owner;
        this.connection = connection;
        this.inbox = inbox;
        this.request = request;
        this.old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        HttpHeaders fields = request.headers();
        this.expectsContinue =
                !old
                        && fields.contains(HttpHeaderNames.EXPECT)
                        && fields.containsValue(
                                HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true);
        this.keepAlive = wantsKeepAlive(fields);
    }

    private boolean wantsKeepAlive(HttpHeaders fields) {
        if (!fields.contains(HttpHeaderNames.CONNECTION)) {
            return !old;
        }
        return old
                ? fields.containsValue(
                        HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE, true)
                : !fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String target() {
        return request.uri();
    }

    @Override
    public String protocol() {
        return request.protocolVersion().text();
    }

    @Override
    public String scheme() {
        return owner.scheme();
    }

    @Override
    public Headers headers() {
        if (headers == null) {
            headers = new NettyHeaders(request.headers());
        }
        return headers;
    }

    @Override
    public InputStream body() {
        return input();
    }

    @Override
    public Headers trailers() {
        return new NettyHeaders(input().trailers());
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return connection.localAddress();
    }

    @Override
    public Headers newHeaders() {
        return new AnswerFields(Known.newFields());
    }

    @Override
    public Headers newTrailers() {
        return new Trailers(DefaultHttpHeadersFactory.trailersFactory().newHeaders());
    }

    private BodyInput input() {
        if (body == null) {
            body = new BodyInput(inbox, this, owner.settings().limits(), empty);
        }
        return body;
    }

    /** Takes the end of a body that is not there, if it has come with the head. */
    void skipIfEmpty() throws IOException {
        if (!inbox.isEmpty() && inbox.peek() == LastHttpContent.EMPTY_LAST_CONTENT) {
            inbox.next();
            empty = true;
        }
    }

    /** As {@link BodyInput#drain}. */
    boolean drainBody(int most, Patience patience) throws IOException {
        return input().drain(most, patience);
    }

    boolean bodyHasEnded() {
        return body == null ? empty : body.hasEnded();
    }

    private boolean bodyHasBegun() {
        return body != null && body.hasBegun();
    }

    boolean bodyHasFailed() {
        return body != null && body.hasFailed();
    }

    /** Lets go of what is left of the body. */
    void discardBody() {
        if (body != null) {
            body.discard();
        }
        empty = true;
    }

    HttpRequest head() {
        return request;
    }

    /** Whether another request may follow on this connection. */
    boolean keepsAlive() {
        return keepAlive;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether the head of a response has been sent, as far as this side can know. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether all of a response has been sent. */
    boolean isComplete() {
        return complete;
    }

    /** Another protocol has the connection, and gives the answer. */
    void handOver() {
        begun = true;
        answered = true;
        delimited = true; // by whatever comes now
        handedOver = true;
    }

    /** Whether the client has gone, or did not read in time. */
    boolean hasLostClient() {
        return loss != null;
    }

    /**
     * Whether {@code e} says, or comes of it, that this client has gone, or did not read in time.
     * One of another connection of the handler's looks just the same.
     */
    boolean isLost(Throwable e) {
        return DisconnectedException.isBehind(e, connection)
                || (loss != null && Causes.match(e, t -> t == loss))
                || (handedOver && e instanceof IOException && !connection.isOpen());
    }

    /** The limit is on the time until the response begins. */
    void endsWhenBegun(Timeout limit) {
        firstByteLimit = limit;
    }

    /** This is the last request of its connection. */
    void last() {
        keepAlive = false;
    }

    /** The handler asks for the body: the client may be waiting to be told (RFC 9110 10.1.1). */
    void bodyWanted() throws IOException {
        if (expectsContinue && !begun && owner.isInboxEmpty()) {
            waitForClient(
                    () -> {
                        connection.write(CONTINUE);
                        connection.flush();
                    });
        }
    }

    @Override
    public void whole(int status, Headers answer, byte[] bytes) throws IOException {
        HttpHeaders fields = prepare(status, answer);
        bodyless = method().equals("HEAD") || isBodyless(status);
        delimited = true;
        byte[] body = bodyless ? NO_BODY : bytes;
        try {
            if (body.length <= COPIED_BYTES) {
                Heads.write(connection, status(status), fields, body);
                headEnd = connection.written() - body.length;
                bodyWritten = body.length;
            } else {
                Heads.write(connection, status(status), fields, NO_BODY);
                headEnd = connection.written();
                writePlain(body, 0, body.length);
            }
        } catch (SocketTimeoutException | DisconnectedException e) {
            loss = e;
            throw e;
        }
        answered = true;
        complete = true;
    }

    /** Whatever the handler gives (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
    private static boolean isBodyless(int status) {
        return status == 204 || status == 205 || status == 304;
    }

    private void writePlain(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int count = Math.min(PIECE, length - done);
            connection.write(bytes, offset + done, count);
            bodyWritten += count;
            done += count;
        }
    }

    @Override
    public void begin(int status, Headers answer) throws IOException {
        bodyless = method().equals("HEAD") || isBodyless(status);
        HttpHeaders fields = ((NettyHeaders) answer).fields;
        delimited = isBodyless(status) || fields.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!delimited) {
            chunked = delimited = !old;
            keepAlive &= chunked; // else the end of the connection is the end of the body
        }
        prepare(status, answer);
        if (chunked) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        waitForClient(() -> Heads.write(connection, status(status), fields, NO_BODY));
        headEnd = connection.written();
        answered = true;
    }

    /** The fields that are the server's: what the connection becomes, who and when. */
    private HttpHeaders prepare(int status, Headers answer) {
        begun = true;
        if (firstByteLimit != null) {
            firstByteLimit.close();
        }
        HttpHeaders fields = ((NettyHeaders) answer).fields;
        if (status == 204) {
            fields.remove(HttpHeaderNames.CONTENT_LENGTH); // RFC 9110 section 8.6
        } else if (status == 205) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
        keepAlive =
                keepAlive
                        && !asksToClose(fields)
                        && !owner.isDraining()
                        && owner.mayKeepAlive()
                        && !willLeaveTooMuch();
        if (!keepAlive) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (old) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        owner.settings().stamp(fields, owner.dates());
        if (answer instanceof AnswerFields own) {
            own.sent();
        }
        return fields;
    }

    private static boolean asksToClose(HttpHeaders fields) {
        return fields.contains(HttpHeaderNames.CONNECTION) // which hardly one has, and costs less
                && fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }

    /** Whether the body that is yet to be read will end the connection, as far as one knows now. */
    private boolean willLeaveTooMuch() {
        if (bodyHasFailed()) {
            return true;
        }
        if (bodyHasEnded()) {
            return false;
        }
        if (expectsContinue && !bodyHasBegun()) {
            return true; // who knows whether it will come
        }
        String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        long read = body == null ? 0 : body.total();
        return length != null
                && Long.parseLong(length) - read > owner.settings().limits().unreadBody();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        waitForClient(
                () -> {
                    if (chunked) {
                        Chunks.write(connection, bytes, offset, length);
                        bodyWritten += length;
                    } else {
                        writePlain(bytes, offset, length);
                    }
                });
    }

    @Override
    public void writeFile(FileChannel file, long position, long count) throws IOException {
        waitForClient(
                () -> {
                    if (chunked) {
                        beginChunk(file, count);
                    }
                    bodyWritten += count;
                    connection.writeFile(file, position, count);
                    if (chunked) {
                        Chunks.end(connection);
                    }
                });
    }

    private void beginChunk(FileChannel file, long count) throws IOException {
        try {
            Chunks.begin(connection, count);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void reason(@Nullable String phrase) {
        reason = phrase;
    }

    private HttpResponseStatus status(int code) {
        return reason == null
                ? HttpResponseStatus.valueOf(code)
                : new HttpResponseStatus(code, reason);
    }

    @Override
    public void endWithClient() {
        Coroutine<?> handler = Coroutine.current();
        if (handler != null) {
            inbox.onEnd(handler::kill);
        }
    }

    /** Of a response that was cut, what the kernel took behind the head, as it was framed. */
    @Override
    public void endWithServer() {
        owner.endWithServer();
    }

    @Override
    public Event stop() {
        return owner.settings().stop();
    }

    @Override
    public long bodySent() {
        long unsent = connection.unsent();
        return unsent == 0
                ? bodyWritten
                : Math.clamp(connection.written() - unsent - headEnd, 0, bodyWritten);
    }

    @Override
    public boolean isSent() {
        return complete && connection.unsent() == 0;
    }

    @Override
    public void flush() throws IOException {
        waitForClient(connection::flush);
    }

    private interface Output {
        void run() throws IOException;
    }

    /** What ends a wait here is the client's doing; one of the handler's own looks the same. */
    private void waitForClient(Output output) throws IOException {
        try {
            output.run();
        } catch (SocketTimeoutException | DisconnectedException e) {
            loss = e;
            throw e;
        }
    }

    @Override
    public void end(@Nullable Headers trailers) throws IOException {
        if (chunked && !bodyless) {
            HttpHeaders fields =
                    trailers == null ? EmptyHttpHeaders.INSTANCE : ((NettyHeaders) trailers).fields;
            waitForClient(
                    () -> {
                        Chunks.last(connection);
                        Heads.writeTrailers(connection, fields);
                    });
        }
        if (trailers instanceof Trailers own) {
            own.sent();
        }
        complete = true;
    }

    /** The response cannot be completed: makes the client see that. */
    void cut() {
        keepAlive = false;
        if (loss instanceof SocketTimeoutException // it shall not take what it has for all
                || (begun && !delimited && !complete)) { // an end would look like the body's
            connection.reset();
        } else {
            connection.close();
        }
    }
}
