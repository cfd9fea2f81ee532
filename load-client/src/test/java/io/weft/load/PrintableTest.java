package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "plain wörds ☃ 😀, plain wörds ☃ 😀",
        "x\033[2J, x\\u001b[2J",
        "\u009b2J, \\u009b2J",
        "a\u202Eb, a\\u202eb",
        "a\u2028b, a\\u2028b",
        "a\tb, a\\u0009b",
        "a\u007fb, a\\u007fb"
    })
    void whatATerminalWouldObeyIsShownByItsNumber(String text, String shown) {
        assertThat(Printable.of(text)).isEqualTo(shown);
    }

    @Test
    void halfACharacterIsShownByItsNumber() {
        assertThat(Printable.of("a\ud83d")).isEqualTo("a\\ud83d");
    }

    @Test
    void nothingThatATerminalObeysIsLeft() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String shown = Printable.of(Character.toString(c));
            assertThat(shown.codePoints().noneMatch(Character::isISOControl)).isTrue();
        }
    }

    @Test
    void ofVeryMuchTheBeginningIsShown() {
        assertThat(Printable.of("x".repeat(100_000)))
                .isEqualTo("x".repeat(300) + "... (100000 characters)");
    }
}
