package io.weft.http.h1;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.http.Exchange;
import io.weft.http.Headers;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;

/**
 * One request of a connection and its response, in Netty's messages. Decides how the end of the
 * body is told (RFC 9112 section 6.3) and whether the connection stays (section 9.3).
 * Loop-confined.
 */
final class Http1Exchange implements Exchange {
    /** About what a head is, for the high-water mark. */
    private static final int HEAD_BYTES = 256;

    /** Up to this size a copy is cheaper than a buffer of its own. */
    private static final int COPIED_BYTES = 4 * 1024;

    private static final byte[] NO_BODY = {};

    private final Http1 owner;
    private final Connection connection;
    private final Inbox inbox;
    private final HttpRequest request;
    private final boolean old; // HTTP/1.0
    private final boolean expectsContinue;
    private boolean keepAlive;
    private boolean begun;
    private boolean bodyless;
    private boolean stalled;
    private long bodySent;
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
        return new NettyHeaders(Known.newFields());
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
    boolean drainBody(int most) throws IOException {
        return input().drain(most);
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
            send(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.CONTINUE,
                            Unpooled.EMPTY_BUFFER),
                    HEAD_BYTES);
            connection.flush();
        }
    }

    @Override
    public void whole(int status, Headers answer, byte[] bytes) throws IOException {
        HttpHeaders fields = prepare(answer);
        boolean toHead = method().equals("HEAD");
        var known = status(status);
        bodySent += toHead ? 0 : bytes.length;
        if (toHead) {
            send(new ResponseEncoder.Bodyless(known, fields), HEAD_BYTES);
        } else if (status != 204 && status != 205 && status != 304) { // the encoder knows those
            writePlain(known, fields, bytes);
        } else {
            var body = bytes.length == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes);
            send(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, known, body, fields, EmptyHttpHeaders.INSTANCE),
                    HEAD_BYTES + bytes.length);
        }
    }

    private void writePlain(HttpResponseStatus status, HttpHeaders fields, byte[] bytes)
            throws IOException {
        try {
            if (bytes.length <= COPIED_BYTES) {
                Heads.write(connection, status, fields, bytes);
            } else {
                Heads.write(connection, status, fields, NO_BODY);
                connection.write(Unpooled.wrappedBuffer(bytes));
            }
        } catch (SocketTimeoutException e) {
            stalled = true;
            throw e;
        }
    }

    @Override
    public void begin(int status, Headers answer) throws IOException {
        bodyless = status == 204 || status == 304 || method().equals("HEAD");
        HttpHeaders fields = ((NettyHeaders) answer).fields;
        boolean chunked = false;
        if (!fields.contains(HttpHeaderNames.CONTENT_LENGTH) && status != 204 && status != 304) {
            chunked = !old;
            keepAlive &= chunked; // else the end of the connection is the end of the body
        }
        prepare(answer);
        if (chunked) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        send(
                bodyless
                        ? new ResponseEncoder.Bodyless(status(status), fields)
                        : new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(status), fields),
                HEAD_BYTES);
    }

    /** The fields that are the server's: what the connection becomes, who and when. */
    private HttpHeaders prepare(Headers answer) {
        begun = true;
        if (firstByteLimit != null) {
            firstByteLimit.close();
        }
        HttpHeaders fields = ((NettyHeaders) answer).fields;
        // the handler's own would stand beside a length, or go to HTTP/1.0 (RFC 9112 section 6.1)
        fields.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (asksToClose(fields)
                || owner.isDraining()
                || (expectsContinue && !bodyHasBegun() && !bodyHasEnded())) {
            keepAlive = false;
        }
        if (!keepAlive) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (old) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        owner.settings().stamp(fields, owner.dates());
        return fields;
    }

    private static boolean asksToClose(HttpHeaders fields) {
        return fields.contains(HttpHeaderNames.CONNECTION) // which hardly one has, and costs less
                && fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        bodySent += length;
        send(new DefaultHttpContent(Unpooled.copiedBuffer(bytes, offset, length)), length);
    }

    @Override
    public void writeFile(FileChannel file, long position, long count) throws IOException {
        bodySent += count;
        waitForClient(() -> connection.writeFile(file, position, count));
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

    @Override
    public long bodySent() {
        return bodySent;
    }

    @Override
    public void flush() throws IOException {
        waitForClient(connection::flush);
    }

    private void send(Object message, long bytes) throws IOException {
        waitForClient(() -> connection.writeMessage(message, bytes));
    }

    private interface Output {
        void run() throws IOException;
    }

    /** A time-out here is the client's doing; one of the handler's own looks just the same. */
    private void waitForClient(Output output) throws IOException {
        try {
            output.run();
        } catch (SocketTimeoutException e) {
            stalled = true;
            throw e;
        }
    }

    /** Whether the client has not read what it asked for in time. */
    boolean hasStalled() {
        return stalled;
    }

    @Override
    public void end(@Nullable Headers trailers) throws IOException {
        if (bodyless) {
            return; // its message was whole
        }
        LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
        if (trailers != null && trailers.size() > 0) {
            last =
                    new DefaultLastHttpContent(
                            Unpooled.EMPTY_BUFFER, DefaultHttpHeadersFactory.trailersFactory());
            last.trailingHeaders().set(((NettyHeaders) trailers).fields);
        }
        send(last, HEAD_BYTES);
    }

    /** The response cannot be completed: makes the client see that. */
    void cut() {
        keepAlive = false;
        if (old) { // a plain end would look like the end of the body
            connection.option(ChannelOption.SO_LINGER, 0);
        }
        connection.close();
    }
}
