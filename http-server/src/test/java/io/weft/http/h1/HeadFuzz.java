package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
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
    private static final int[] PIECES = {1, 2, 7, 64};

    private HeadFuzz() {}

    /**
     * One input of the fuzzer. Byte by byte is a hundred times the work of a whole, so that each
     * input is cut in one of the ways only; its neighbours are cut in the others.
     */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length <= MOST) {
            int way = Math.floorMod(Arrays.hashCode(input), PIECES.length + 1);
            int piece = way < PIECES.length ? PIECES[way] : input.length / 2;
            assertThat(decoded(input, Math.max(1, piece))).isEqualTo(decoded(input, input.length));
        }
    }

    /** As well, of an input that is kept, in pieces of all sizes. */
    public static void cutInAllWays(byte[] input) {
        String whole = decoded(input, input.length);
        for (int piece = 1; piece < input.length; piece++) {
            assertThat(decoded(input, piece)).isEqualTo(whole);
        }
    }

    /** What comes of it in pieces of that size, up to the first refusal; nothing is kept. */
    private static String decoded(byte[] input, int piece) {
        var memory = new UnpooledByteBufAllocator(false);
        var channel = new EmbeddedChannel(new RequestDecoder(LIMITS, null, () -> false));
        channel.config().setAllocator(memory);
        var text = new StringBuilder();
        boolean refused = false;
        try {
            for (int i = 0; i < input.length; i += piece) {
                int length = Math.min(piece, input.length - i);
                channel.writeInbound(memory.buffer(length).writeBytes(input, i, length));
                refused = take(channel, text, refused);
            }
        } finally {
            channel.finish();
            take(channel, text, true);
        }
        assertThat(memory.metric().usedHeapMemory()).isZero();
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
