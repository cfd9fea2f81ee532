package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** Lines, and what else ends at a delimiter. */
class ReadUntilTest {
    private static final int LIMIT = 20;

    private Tether tether;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        tether = new Tether();
        connection = tether.connection;
    }

    @AfterEach
    void close() throws Exception {
        tether.close();
    }

    @Test
    void linesWithoutTheirEnds() throws Exception {
        tether.send("one\ntwo\r\n\n\r\nth\rree\nlast");
        tether.peer.shutdownOutput();
        for (String line : new String[] {"one", "two", "", "", "th\rree", "last"}) {
            assertThat(line()).isEqualTo(line);
        }
        assertThat(line()).isNull();
        assertThat(line()).isNull();
    }

    /** Whatever is split wherever. */
    @Test
    void lineInPieces() throws Exception {
        Coroutine<String> reader = tether.spawn(() -> connection.readLine(LIMIT));
        tether.awaitReader();
        for (String piece : new String[] {"a", "\u00e9", "b\r"}) {
            tether.send(piece);
            tether.call(() -> null);
        }
        tether.send("\nrest");
        assertThat(reader.get()).isEqualTo("a\u00e9b");
        assertThat(tether.call(() -> new String(connection.readExactly(4), StandardCharsets.UTF_8)))
                .isEqualTo("rest");
    }

    @Test
    void lineInAnotherCharset() throws Exception {
        tether.peer.getOutputStream().write(new byte[] {(byte) 0xE9, '\n'});
        assertThat(tether.call(() -> connection.readLine(LIMIT, StandardCharsets.ISO_8859_1)))
                .isEqualTo("\u00e9");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void delimiterOfSeveralBytesSplitAnywhere(int at) throws Exception {
        var reader = tether.spawn(() -> until("\r\n\r\n", LIMIT));
        tether.awaitReader();
        String all = "ab\r\n\r\n.";
        tether.send(all.substring(0, at));
        tether.call(() -> null);
        tether.send(all.substring(at));
        assertThat(reader.get()).isEqualTo("ab\r\n\r\n");
        assertThat(tether.call(() -> connection.read(9))).containsExactly('.');
    }

    @Test
    void delimiterThatBeginsTwice() throws Exception {
        tether.sendAndSettle("aaab");
        assertThat(tether.call(() -> until("aab", LIMIT))).isEqualTo("aaab");
    }

    @Test
    void delimiterInTheLastPlaceAllowed() throws Exception {
        tether.sendAndSettle("12345\n");
        assertThat(tether.call(() -> connection.readLine(6))).isEqualTo("12345");
    }

    @Test
    void overTheLimitNothingIsConsumed() throws Exception {
        tether.sendAndSettle("12345\n");
        assertThatThrownBy(() -> tether.call(() -> connection.readLine(5)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("expected 0a within 5 bytes of " + connection);
        assertThat(line()).isEqualTo("12345");
    }

    /** It need not wait for more to know that. */
    @Test
    void noDelimiterWithinTheLimit() throws Exception {
        tether.sendAndSettle("12345");
        assertThatThrownBy(() -> tether.call(() -> connection.readLine(5)))
                .isInstanceOf(LimitExceededException.class);
        assertThat(tether.call(() -> connection.read(9))).hasSize(5);
    }

    /** Larger than the mailbox, which then grows for as long as the line is looked for. */
    @Test
    void lineLargerThanTheMailbox() throws Exception {
        int length = 5 * Inbound.LIMIT;
        String large = "x".repeat(length);
        var reader = tether.spawn(() -> connection.readLine(length + 1));
        tether.send(large + "\nafter\n");
        assertThat(reader.get()).isEqualTo(large);
        assertThat(line()).isEqualTo("after");
    }

    @Test
    void readingOtherwiseGoesOnInBetween() throws Exception {
        tether.sendAndSettle("5\nhello7\nweavers");
        for (String word : new String[] {"hello", "weavers"}) {
            int length = Integer.parseInt(line());
            assertThat(tether.call(() -> connection.readExactly(length)))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(word);
        }
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> tether.call(() -> connection.readUntil(new byte[0], LIMIT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a delimiter of 0 bytes");
        assertThatThrownBy(() -> tether.call(() -> connection.readUntil(new byte[3], 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot come within 2");
    }

    private String line() throws Exception {
        return tether.call(() -> connection.readLine(LIMIT));
    }

    private String until(String delimiter, int limit) throws Exception {
        return new String(
                connection.readUntil(delimiter.getBytes(StandardCharsets.UTF_8), limit),
                StandardCharsets.UTF_8);
    }
}
