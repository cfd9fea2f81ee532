package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fields are what the standard says, however they are read (WHATWG URL 5.1). */
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
            assertThat(query).isEqualTo(reference(input));
        }
    }

    private static Map<String, List<String>> reference(byte[] input) {
        var fields = new LinkedHashMap<String, List<String>>();
        for (String each : new String(input, StandardCharsets.ISO_8859_1).split("&", -1)) {
            String[] pair = each.split("=", 2);
            if (!each.isEmpty()) {
                fields.computeIfAbsent(Reference.formDecoded(pair[0]), _ -> new ArrayList<>())
                        .add(pair.length < 2 ? "" : Reference.formDecoded(pair[1]));
            }
        }
        return fields;
    }

    private static String fields(byte[] input, int most) throws IOException {
        try {
            return UrlEncoded.read(MultipartFuzz.slow(input, most), LIMITS).toString();
        } catch (FormException e) {
            return "refused";
        }
    }
}
