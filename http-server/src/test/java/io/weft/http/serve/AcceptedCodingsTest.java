package io.weft.http.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.regex.Pattern;

class AcceptedCodingsTest {
    private static final Pattern WEIGHT =
            Pattern.compile("[ \t]*;[ \t]*[qQ]=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)[ \t]*");

    private static int gzip(String... fields) {
        return AcceptedCodings.of(List.of(fields)).weight("gzip");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | 1000",
                "GZIP;Q=0.25 | 250",
                "gzip;q=1.000 | 1000",
                "gzip;q=1. | 1000",
                "gzip;q=0.001 | 1",
                "gzip;q=0. | 0",
                "gzip ;\t q=0.5 | 500",
                "x-gzip;q=0.5 | 500",
                "br, *;q=0.3 | 300",
                "gzip;q=0, * | 0",
                "gzip;q=0.1, gzip;q=0.2 | 200",
                "br | 0",
                "gzi | 0",
                "gzip;q=1.001 | 0",
                "gzip;q=0.0001 | 0",
                "gzip;q=.5 | 0",
                "gzip;q=0,5 | 0",
                "gzip;q = 0.5 | 0",
                "gzip;q=0.5;level=1 | 0",
                "gzip;q=-0 | 0",
                "gzip;q=1e0 | 0",
                "gzip;q=\u0661 | 0",
                "gzip;q=\"1\" | 0",
                "gzip;q= | 0",
                "gzip; | 0",
                "gzip q=1 | 0",
                "gzip;;q=1 | 0",
                "*;q=x | 0",
            })
    void weightIsWhatTheGrammarHas(String field, int weight) {
        assertThat(gzip(field)).isEqualTo(weight);
    }

    /** All bytes at all places of a weight. */
    @Test
    void malformedWeightRefuses() {
        String text = ";q=0.5";
        for (int at = 0; at <= text.length(); at++) {
            for (char c = 0; c < 256; c++) {
                verify(text.substring(0, at) + c + text.substring(at));
                if (at < text.length()) {
                    verify(text.substring(0, at) + c + text.substring(at + 1));
                }
            }
        }
    }

    private static void verify(String weight) {
        if (weight.contains(",") || Character.isLetterOrDigit(weight.charAt(0))) {
            return; // another element, or another name
        }
        boolean nonZero = weight.matches(".*[1-9].*");
        boolean named = weight.strip().startsWith(";") || weight.isBlank();
        boolean valid = WEIGHT.matcher(weight).matches() && nonZero;
        assertThat(gzip("gzip" + weight) > 0).as(weight).isEqualTo(named && valid);
    }

    /** 248 KB of nothing took a fifth of a second, with a regular expression for each. */
    @Test
    void elementsOfNothingAreNothing() {
        assertThat(gzip(";,".repeat(124_000), "gzip;q=0.5," + " ,".repeat(9))).isEqualTo(500);
    }
}
