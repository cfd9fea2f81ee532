package io.weft.http.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.weft.Weft;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.h1.Http1Upgrade.Farewell;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The opening handshake (RFC 6455 section 4.2). */
final class Handshake {
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** Throws what a request that is no proper handshake is answered by. */
    static void check(Request request, WebSocketSettings settings) throws HttpException {
        var headers = request.headers();
        if (!headers.containsToken("Upgrade", "websocket")
                || !headers.containsToken("Connection", "Upgrade")) {
            throw refusal("expected a WebSocket handshake");
        }
        if (!request.method().equals("GET") || !request.protocol().equals("HTTP/1.1")) {
            throw new HttpException(
                    400, "expected a WebSocket handshake by GET in HTTP/1.1, but got " + request);
        }
        List<String> versions = headers.getAll("Sec-WebSocket-Version");
        if (!versions.equals(List.of(VERSION))) {
            throw refusal(
                    "expected Sec-WebSocket-Version " + VERSION + ", but got " + listed(versions));
        }
        List<String> keys = headers.getAll("Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            throw new HttpException(400, "expected one Sec-WebSocket-Key of 16 bytes in base64");
        }
        Origin.check(request, settings.origins());
    }

    private static HttpException refusal(String message) {
        return new HttpException(426, message)
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Version", VERSION);
    }

    private static String listed(List<String> versions) {
        return versions.isEmpty() ? "none" : String.join(", ", versions);
    }

    private static boolean isKey(String key) {
        try {
            // the decoder would take it without its padding
            return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Answers the request, and puts the codec for frames in the place of that for HTTP. In the
     * connection's coroutine.
     *
     * @return the sub-protocol agreed on; null for none
     * @throws HttpException 400 if the client did not wait for the answer (section 4.1)
     */
    static @Nullable String perform(
            Connection connection,
            HttpRequest request,
            Farewell farewell,
            HttpHeaders fields,
            WebSocketSettings settings,
            FrameInbox inbox)
            throws IOException, InterruptedException, HttpException {
        Deflate deflate =
                settings.compression()
                        ? Deflate.agree(
                                request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS),
                                settings.messageSize())
                        : null;
        fields.remove(HttpHeaderNames.CONTENT_LENGTH).remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (deflate != null) {
            fields.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, deflate.header());
        }
        var handshaker =
                new WebSocketServerHandshaker13(
                        request.uri(),
                        settings.protocols().isEmpty()
                                ? null
                                : String.join(",", settings.protocols()),
                        WebSocketDecoderConfig.newBuilder()
                                .allowExtensions(deflate != null)
                                .maxFramePayloadLength(settings.messageSize())
                                .closeOnProtocolViolation(false) // the coroutine does, in its turn
                                .build()) {
                    @Override
                    protected WebSocketFrameDecoder newWebsocketDecoder() {
                        return new EagerDecoder(decoderConfig(), inbox::isFull);
                    }
                };
        Channel channel = connection.channel();
        ChannelPromise promise = channel.newPromise();
        connection.flush(); // answers to earlier requests go through the codec that leaves now
        connection
                .loop()
                .eventLoop()
                .execute(
                        () -> {
                            try {
                                requireOpen(connection);
                                farewell.say();
                                install(channel.pipeline(), handlers(settings, deflate, inbox));
                                handshaker.handshake(channel, plain(request), fields, promise);
                            } catch (Throwable e) {
                                promise.tryFailure(e);
                            }
                        });
        try {
            Weft.await(promise);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpException refusal) {
                throw refusal;
            }
            if (e.getCause() instanceof DisconnectedException gone) {
                throw gone;
            }
            throw new IOException(
                    "the WebSocket handshake of " + connection + " failed: " + e.getCause(), e);
        }
        return handshaker.selectedSubprotocol();
    }

    /** A channel that has gone has no handlers that could be replaced. On the hub. */
    private static void requireOpen(Connection connection) throws DisconnectedException {
        if (!connection.channel().isActive()) {
            throw new DisconnectedException(
                    connection, connection + " has gone", new ClosedChannelException());
        }
    }

    private static List<ChannelHandler> handlers(
            WebSocketSettings settings, @Nullable Deflate deflate, FrameInbox inbox) {
        var handlers = new ArrayList<ChannelHandler>();
        var aggregator = new WebSocketFrameAggregator(settings.messageSize());
        if (deflate == null) {
            handlers.add(new Utf8FrameValidator(false)); // first: it need not wait for the last
            handlers.add(aggregator);
        } else {
            handlers.add(new ReservedBits());
            handlers.add(aggregator); // first: Netty cannot inflate a fragment to nothing
            handlers.add(deflate.extension().newExtensionDecoder());
            handlers.add(deflate.extension().newExtensionEncoder());
            handlers.add(new Utf8FrameValidator(false));
        }
        handlers.add(inbox);
        return handlers;
    }

    /**
     * Before the answer goes out, so that no frame can come too early for them; and what encodes
     * it, which Netty takes out again.
     */
    private static void install(ChannelPipeline pipeline, List<ChannelHandler> handlers) {
        String decoder = pipeline.context(HttpRequestDecoder.class).name();
        String encoder = "encoder of the handshake";
        pipeline.addAfter(decoder, encoder, new HttpResponseEncoder());
        for (ChannelHandler handler : handlers.reversed()) {
            pipeline.addAfter(encoder, null, handler);
        }
    }

    /** What Netty has to know of the request, in the one form that it understands. */
    private static FullHttpRequest plain(HttpRequest request) {
        HttpHeaders all = request.headers();
        HttpHeaders few = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        few.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        few.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        few.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, all.get(HttpHeaderNames.SEC_WEBSOCKET_KEY));
        List<String> protocols = all.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (!protocols.isEmpty()) {
            few.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(",", protocols));
        }
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                request.uri(),
                Unpooled.EMPTY_BUFFER,
                few,
                EmptyHttpHeaders.INSTANCE);
    }
}
