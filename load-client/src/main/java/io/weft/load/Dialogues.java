package io.weft.load;

import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;

import java.net.URI;
import java.util.List;

/** Makes the dialogue that a target asks for, on the connections of a crew. Immutable. */
record Dialogues(LoadOptions options, Crew crew) {
    /** The longest answer to a handshake. */
    private static final int HANDSHAKE_BYTES = HttpFlags.HEAD_BYTES;

    /** Of worker {@code index}; it is not connected yet. */
    Dialogue of(int index) {
        HttpOptions http = options.http();
        if (http != null) {
            return new HttpDialogue(crew.pipe(index, () -> answers(http)), http);
        }
        if (options.target().scheme().isWebSocket()) {
            byte[] echo = WebSocketDialogue.room(options.size());
            return new WebSocketDialogue(
                    crew.pipe(index, () -> frames(echo)), options.size(), echo);
        }
        return new EchoDialogue(crew.link(index), options.size());
    }

    private static Handlers answers(HttpOptions http) {
        return new Handlers(
                List.of(new AnswerDecoder(http.method(), http.headBytes())), new Answers(http));
    }

    private Handlers frames(byte[] echo) {
        // an echo in fragments is one message; one that is too long is let in, and seen to be
        int most = Math.max(HANDSHAKE_BYTES, 2 * echo.length);
        var config =
                WebSocketClientProtocolConfig.newBuilder()
                        .webSocketUri(URI.create(options.target().toString()))
                        .maxFramePayloadLength(most)
                        .handleCloseFrames(false) // its reason is wanted
                        .withUTF8Validator(false) // an echo is compared anyway
                        .handshakeTimeoutMillis(Math.max(1, options.timeout().toMillis()))
                        .build();
        return new Handlers(
                List.of(
                        new HttpClientCodec(AnswerDecoder.config(HANDSHAKE_BYTES), false, false),
                        new HttpObjectAggregator(HANDSHAKE_BYTES),
                        new WebSocketClientProtocolHandler(config),
                        new WebSocketFrameAggregator(most)),
                new Frames(echo));
    }
}
