package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMethod;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What the decoder and its inlet make of bytes, without a connection. */
class AnswersTest {
    private static final int HEAD_BYTES = 100_000;
    private static final int PIECE = 1 << 24;

    private final Answers answers =
            new Answers(new HttpOptions(HttpMethod.GET, new byte[0], 1, 0, null, HEAD_BYTES));
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new AnswerDecoder(HttpMethod.GET, HEAD_BYTES), answers);

    @ParameterizedTest
    @ValueSource(longs = {0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0x1_0000_0001L})
    void aBodyLongerThanAnIntCanCountIsCounted(long length) throws IOException {
        var dialogue = new HttpDialogue(new Piped(), options());
        dialogue.connect();
        dialogue.send(0);
        say("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
        var piece = Unpooled.wrappedBuffer(new byte[PIECE]);
        for (long left = length; left > 0; left -= PIECE) {
            channel.writeInbound(piece.retainedSlice(0, (int) Math.min(PIECE, left)));
        }

        assertThat(dialogue.receive(0)).isNull();
        assertThat(dialogue.bytes()).isEqualTo(length);
        assertThat(dialogue.reply()).isEqualTo("200, " + length + " bytes");
    }

    @Test
    void aHeadMayBeAsLongAsTheLimit() {
        answers.asked();
        say(headWith(HEAD_BYTES - 2000));

        assertThat(answers.next().status()).isEqualTo(200);
    }

    @Test
    void aHeadOverTheLimitIsRefusedAndSaysSo() {
        answers.asked();
        say(headWith(HEAD_BYTES + 5000));

        assertThat(answers.hasEnded()).isTrue();
        assertThat(answers.ending())
                .hasMessage(
                        "the answer's head is longer than 100000 bytes, the limit of --max-head");
    }

    @Test
    void aStatusLineMayBeLongToo() {
        answers.asked();
        say("HTTP/1.1 200 " + "x".repeat(50_000) + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(answers.next().status()).isEqualTo(200);
    }

    @Test
    void aStatusIsThreeDigits() {
        answers.asked();
        say("HTTP/1.1 1000 OK\r\nContent-Length: 0\r\n\r\n");

        assertThat(answers.ending()).hasMessageContaining("expected a status from 100 to 999");
    }

    @Test
    void aConnectionThatEndsBetweenAnswersIsOver() {
        answers.asked();
        say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        channel.finish();
        assertThat(answers.isOver()).as("the answer is still to be taken").isFalse();
        answers.next();

        assertThat(answers.isOver()).isTrue();
        assertThat(answers.hasBegun()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nA: b", "{"})
    void anyByteOfAnAnswerIsItsBeginning(String bytes) {
        answers.asked();
        say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + bytes);
        channel.finish();
        answers.next();

        assertThat(answers.isOver()).isFalse();
        assertThat(answers.hasBegun() || !answers.isLost()).isTrue();
    }

    private static HttpOptions options() {
        return new HttpOptions(HttpMethod.GET, new byte[0], 1, 0, null, HEAD_BYTES);
    }

    private static String headWith(int bytes) {
        String field = "A: " + "x".repeat(995) + "\r\n";
        return "HTTP/1.1 200 OK\r\n" + field.repeat(bytes / 1000) + "Content-Length: 0\r\n\r\n";
    }

    private void say(String text) {
        channel.writeInbound(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** A connection whose bytes the test brings itself. */
    private final class Piped implements Pipe {
        @Override
        public Inlet connect() {
            return answers;
        }

        @Override
        public void write(byte[] bytes) {}

        @Override
        public void write(Object message, int bytes) {}

        @Override
        public void await() {
            throw new IllegalStateException("there is nothing to wait for");
        }

        @Override
        public void awaitOpening() {}

        @Override
        public void pause(Clock clock, long time) {}

        @Override
        public void release() {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
