package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others have said, in a line of a log. */
class PrintableTest {
    @Test
    void nothingThatCannotBeSeenStaysRaw() {
        for (int c = 0; c <= 0xffff; c++) {
            String shown = Printable.of("a" + (char) c + "b");
            assertThat(shown.codePoints())
                    .as("U+%04x", c)
                    .noneMatch(Character::isISOControl)
                    .noneMatch(
                            shownAs ->
                                    Character.getType(shownAs) == Character.FORMAT
                                            || Character.getType(shownAs)
                                                    == Character.LINE_SEPARATOR
                                            || Character.getType(shownAs)
                                                    == Character.PARAGRAPH_SEPARATOR);
            assertThat(shown).startsWith("a").endsWith("b").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'plain \\ text, \u00e9\u20ac', 'plain \\ text, \u00e9\u20ac'",
        "'1\n2026 ERROR forged', '1\\n2026 ERROR forged'",
        "'a\r\tb\u001b[2J', 'a\\r\\tb\\x1b[2J'",
        "'a\u0085b\u009bc', 'a\\x85b\\x9bc'",
        "'a\u2028b\u202ec', 'a\\u2028b\\u202ec'",
    })
    void whatItLooksLike(String said, String shown) {
        assertThat(Printable.of(said)).isEqualTo(shown);
        assertThat(Printable.of(shown)).isEqualTo(shown); // once is as good as twice
    }

    @Test
    void tooMuchIsCutOff() {
        assertThat(Printable.of("x".repeat(1_000_000)))
                .hasSizeLessThan(5000)
                .endsWith("x... (1000000 characters)");
        assertThat(Printable.escaped("x".repeat(10_000))).hasSize(10_000);
    }

    @Test
    void whatCannotSayWhatItIsIsNamed() {
        Object mute =
                new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no words");
                    }
                };
        assertThat(Printable.of(mute))
                .contains(getClass().getName(), "java.lang.IllegalStateException");
        assertThat(Printable.of(null)).isEqualTo("null");
    }
}
