package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Fields are the same however they are read, and as in a query. */
public final class UrlEncodedFuzz {
    private static final FormLimits LIMITS =
            FormLimits.DEFAULT.parts(1_000).field(5_000).memory(5_000);

    private UrlEncodedFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        String whole = fields(input, Integer.MAX_VALUE);
        assertThat(fields(input, 1)).isEqualTo(whole);
        var query = UrlEncoded.parse(input.clone(), LIMITS.parts());
        if (query != null && input.length <= LIMITS.memory()) {
            assertThat(query.toString()).isEqualTo(whole);
        }
    }

    private static String fields(byte[] input, int most) throws IOException {
        try {
            return UrlEncoded.read(MultipartFuzz.slow(input, most), LIMITS).toString();
        } catch (FormException e) {
            return "refused";
        }
    }
}
