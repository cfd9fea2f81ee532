package io.weft.http.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.serve.AcceptedCodings;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Each coding has the weight that the grammar gives it (RFC 9110 sections 12.4.2, 12.5.3). */
public final class AcceptEncodingFuzz {
    private static final Pattern ELEMENT = Pattern.compile("(?s)[ \t]*([^; \t]*)[ \t]*(.*)");
    private static final Pattern WEIGHT =
            Pattern.compile(";[ \t]*[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)[ \t]*");

    private AcceptEncodingFuzz() {}

    /** One input of the fuzzer: fields, one to a line. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        List<String> fields = List.of(text.split("\n", -1));
        Map<String, Integer> weights = reference(fields);
        int any = weights.getOrDefault("*", 0);
        var accepted = AcceptedCodings.of(fields);
        for (String coding : List.of("br", "zstd", "gzip", "deflate")) {
            assertThat(accepted.weight(coding)).isEqualTo(weights.getOrDefault(coding, any));
        }
        assertThat(accepted.plain()).isEqualTo(weights.getOrDefault("identity", 0));

        var available = List.of(ContentCoding.values());
        ContentCoding best = null;
        int most = Math.max(1, weights.getOrDefault("identity", 0));
        for (ContentCoding coding : available) {
            int weight = weights.getOrDefault(coding.token(), any);
            if (best == null ? weight >= most : weight > most) {
                best = coding;
                most = weight;
            }
        }
        assertThat(AcceptEncoding.choose(fields, available)).isEqualTo(best);
    }

    /** By names in lower case; the last says it. */
    private static Map<String, Integer> reference(List<String> fields) {
        Map<String, Integer> weights = new HashMap<>();
        for (String element : String.join(",", fields).split(",", -1)) {
            Matcher parts = ELEMENT.matcher(element);
            assertThat(parts.matches()).isTrue();
            Matcher weight = WEIGHT.matcher(parts.group(2));
            String name = parts.group(1).toLowerCase(Locale.ROOT);
            weights.put(
                    name.equals("x-gzip") ? "gzip" : name,
                    parts.group(2).isEmpty()
                            ? 1000
                            : weight.matches()
                                    ? new BigDecimal(weight.group(1)).movePointRight(3).intValue()
                                    : 0);
        }
        return weights;
    }
}
