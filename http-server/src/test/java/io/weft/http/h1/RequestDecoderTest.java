package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weft.http.Limits;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** What no test over a socket can show in reasonable time. */
class RequestDecoderTest {
    private static final int PIECE = 16 * 1024 * 1024;

    private final EmbeddedChannel channel =
            new EmbeddedChannel(new RequestDecoder(Limits.DEFAULT, null, () -> false));
    private long body;
    private int requests;
    private int ends;

    private void decode(ByteBuf bytes) {
        channel.writeInbound(bytes);
        for (Object part; (part = channel.readInbound()) != null; ) {
            if (part instanceof HttpRequest request) {
                assertThat(request.decoderResult().isSuccess()).isTrue();
                requests++;
            }
            if (part instanceof HttpContent content) {
                body += content.content().readableBytes();
            }
            if (part instanceof LastHttpContent) {
                ends++;
            }
            ReferenceCountUtil.release(part);
        }
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Four gigabytes and three bytes, the same sixteen megabytes over and over. */
    @Test
    void bodyBeyondFourGigabytesEndsWhereItEnds() {
        long length = (1L << 32) + 3;
        decode(ascii("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n"));
        ByteBuf piece = Unpooled.wrappedBuffer(new byte[PIECE]);
        for (long sent = 0; sent < 1L << 32; sent += PIECE) {
            decode(piece.retainedDuplicate());
        }
        piece.release();
        assertThat(body).isEqualTo(1L << 32);
        assertThat(ends).isZero();
        decode(ascii("endGET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertThat(body).isEqualTo(length);
        assertThat(ends).isEqualTo(2);
        assertThat(requests).isEqualTo(2);
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void fieldsBeyondTheCountAreNotDecoded() {
        channel.writeInbound(ascii("GET / HTTP/1.1\r\nHost: a\r\n" + "a:\r\n".repeat(200)));
        HttpRequest refused = channel.readInbound();
        assertThat(refused.decoderResult().isFailure()).isTrue();
        assertThat(refused.headers().size()).isEqualTo(Limits.DEFAULT.headerCount());
        channel.finishAndReleaseAll();
    }

    /** Also where a read brings the CR of a line, and another its LF. */
    @Test
    void headMayBeAsLongAsItMayHoweverItIsCut() {
        int line = Limits.DEFAULT.requestLine() - "GET / HTTP/1.1".length();
        int field = Limits.DEFAULT.head() - "Host: aa: ".length();
        decode(ascii("GET /" + "a".repeat(line) + " HTTP/1.1\r"));
        decode(ascii("\nHost: a\r\na: " + "a".repeat(field) + "\r"));
        assertThat(requests).isZero();
        decode(ascii("\n\r"));
        decode(ascii("\n"));
        assertThat(requests).isOne();
        assertThat(ends).isOne();
        assertThat(channel.finish()).isFalse();
    }
}
