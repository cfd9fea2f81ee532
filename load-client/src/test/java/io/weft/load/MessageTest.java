package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.stream.Stream;

class MessageTest {
    @Test
    void countsUpAsInTheNotes() {
        assertThat(texts(0, 0, 1, 9, 10, 99, 100))
                .containsExactly(
                        "hello 0", "hello 1", "hello 9", "hello 10", "hello 99", "hello 100");
    }

    @Test
    void theLargestNumberFits() {
        assertThat(texts(0, Long.MAX_VALUE)).containsExactly("hello 9223372036854775807");
    }

    @Test
    void isPaddedToExactlyTheSizeAskedFor() {
        assertThat(texts(12, 0, 9, 10, 99_999, 100_000))
                .containsExactly(
                        "hello 0.....",
                        "hello 9.....",
                        "hello 10....",
                        "hello 99999.",
                        "hello 100000");
    }

    @Test
    void aSizeTooSmallHoldsTheEndSoThatMessagesDiffer() {
        assertThat(texts(8, 1, 10, 123)).containsExactly("hello 1.", "hello 10", "ello 123");
        assertThat(texts(2, 1, 12, 123)).containsExactly(" 1", "12", "23");
        assertThat(texts(1, 0, 9, 10)).containsExactly("0", "9", "0");
    }

    private static Stream<String> texts(int size, long... numbers) {
        var message = new Message(size);
        return LongStream.of(numbers)
                .mapToObj(
                        n -> {
                            int length = message.encode(n);
                            return new String(
                                    message.bytes(), 0, length, StandardCharsets.US_ASCII);
                        });
    }
}
