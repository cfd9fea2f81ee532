package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.grammar.PathSegments;
import io.weft.http.grammar.PercentEncoding;
import io.weft.http.serve.AcceptedCodings;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Cookies, codings and paths: whatever a field has, it is read, or refused by null. */
public final class HeaderFuzz {
    private HeaderFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String field = new String(input, StandardCharsets.ISO_8859_1);
        Cookies.parse(List.of(field)).forEach((name, value) -> assertThat(name).isNotNull());
        int weight = AcceptedCodings.of(List.of(field)).weight("gzip");
        assertThat(weight).isBetween(0, 1_000);
        if (PercentEncoding.isWellFormed(field)) {
            PercentEncoding.decode(field);
            List<String> segments = PathSegments.of("/" + field);
            if (segments != null) {
                assertThat(segments).doesNotContain(".", "..");
            }
        }
    }
}
