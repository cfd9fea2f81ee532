package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Frames are what the standard says, however they are cut (RFC 6455 section 5.2), up to the first
 * that is none.
 */
public final class FrameFuzz {
    private static final WebSocketDecoderConfig CONFIG =
            WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(1_000).build();

    private FrameFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String expected = FrameReference.of(input);
        assertThat(frames(input, input.length)).isEqualTo(expected);
        String bytewise = frames(input, 1);
        assertThat(expected).startsWith(bytewise);
        String missing = expected.substring(bytewise.length());
        // a text that is no UTF-8 is refused as soon as it shows, where it comes slowly
        assertThat(missing.isEmpty() || missing.startsWith("1")).isTrue();
    }

    private static String frames(byte[] input, int piece) {
        var channel = new EmbeddedChannel(new EagerDecoder(CONFIG, () -> false));
        var text = new StringBuilder();
        try {
            for (int i = 0; i < input.length; i += Math.max(1, piece)) {
                byte[] next = Arrays.copyOfRange(input, i, Math.min(input.length, i + piece));
                channel.writeInbound(Unpooled.wrappedBuffer(next));
                take(channel, text);
            }
        } catch (CorruptedWebSocketFrameException e) {
            // refused
        } finally {
            take(channel, text);
            channel.finishAndReleaseAll();
        }
        return text.toString();
    }

    private static void take(EmbeddedChannel channel, StringBuilder text) {
        for (WebSocketFrame next; (next = channel.readInbound()) != null; ) {
            text.append(opcode(next)).append(next.isFinalFragment()).append(' ');
            text.append(next.content().toString(StandardCharsets.ISO_8859_1)).append('\n');
            ReferenceCountUtil.release(next);
        }
    }

    private static int opcode(WebSocketFrame frame) {
        return switch (frame) {
            case ContinuationWebSocketFrame _ -> 0;
            case TextWebSocketFrame _ -> 1;
            case BinaryWebSocketFrame _ -> 2;
            case CloseWebSocketFrame _ -> 8;
            case PingWebSocketFrame _ -> 9;
            case PongWebSocketFrame _ -> 10;
            default -> throw new AssertionError(frame);
        };
    }
}
