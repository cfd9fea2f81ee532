package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weft.http.HttpException;
import io.weft.http.Limits;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Requests are the same however they are cut, and what is none is refused by a status. */
public final class HeadFuzz {
    private static final Limits LIMITS = Limits.DEFAULT.requestLine(200).headers(10, 200);
    private static final int MOST = 8_192;

    private HeadFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length <= MOST) {
            sameHoweverItIsCut(input);
        }
    }

    static void sameHoweverItIsCut(byte[] input) {
        String whole = decoded(input, input.length);
        assertThat(decoded(input, 1)).isEqualTo(whole);
        assertThat(decoded(input, Math.max(1, input.length / 2))).isEqualTo(whole);
        assertThat(decoded(input, 7)).isEqualTo(whole);
    }

    /** What comes of it in pieces of that size, up to the first refusal. */
    private static String decoded(byte[] input, int piece) {
        var channel = new EmbeddedChannel(new RequestDecoder(LIMITS, null, () -> false));
        var text = new StringBuilder();
        boolean refused = false;
        try {
            for (int i = 0; i < input.length; i += piece) {
                byte[] next = Arrays.copyOfRange(input, i, Math.min(input.length, i + piece));
                channel.writeInbound(Unpooled.wrappedBuffer(next));
                refused = take(channel, text, refused);
            }
        } finally {
            channel.finish();
            take(channel, text, true);
        }
        return text.toString();
    }

    private static boolean take(
            EmbeddedChannel channel, StringBuilder text, boolean refusedBefore) {
        boolean refused = refusedBefore;
        for (HttpObject next; (next = channel.readInbound()) != null; ) {
            if (!refused) {
                refused = next.decoderResult().isFailure();
                text.append(refused ? "\nrefused" : told(next));
            }
            ReferenceCountUtil.release(next);
        }
        return refused;
    }

    private static String told(HttpObject message) {
        var text = new StringBuilder();
        if (message instanceof HttpRequest request) {
            text.append('\n').append(checked(request));
        }
        if (message instanceof HttpContent content) { // without a line: chunks may be cut anywhere
            text.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (message instanceof LastHttpContent last) {
            text.append("\nend ").append(last.trailingHeaders().entries());
        }
        return text.toString();
    }

    private static String checked(HttpRequest request) {
        try {
            HeadCheck.check(request, LIMITS);
            return request.method() + " " + request.uri() + request.headers().entries() + "\n";
        } catch (BadRequest e) {
            return "" + e.status();
        } catch (HttpException e) {
            return "" + e.status();
        }
    }
}
