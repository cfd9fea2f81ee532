package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Frames are the same however they are cut (RFC 6455 section 5.2), up to the first that is none.
 */
public final class FrameFuzz {
    private static final WebSocketDecoderConfig CONFIG =
            WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(1_000).build();

    private FrameFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = frames(input, input.length);
        String bytewise = frames(input, 1);
        // a text that is no UTF-8 is refused as soon as it shows, where it comes slowly
        assertThat(whole.startsWith(bytewise) || bytewise.startsWith(whole)).isTrue();
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
            text.append(next.getClass().getSimpleName()).append(next.isFinalFragment());
            text.append(next.rsv()).append(' ');
            text.append(next.content().toString(StandardCharsets.ISO_8859_1)).append('\n');
            ReferenceCountUtil.release(next);
        }
    }
}
