package io.weft.http.compression;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which coding a client likes best (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
    private final Map<String, Integer> weights = new HashMap<>(); // in thousandths

    private AcceptEncoding(List<String> fields) {
        for (String field : fields) {
            for (String each : field.toLowerCase(Locale.ROOT).split(",", -1)) {
                int semicolon = each.indexOf(';');
                String name = (semicolon < 0 ? each : each.substring(0, semicolon)).strip();
                int weight = semicolon < 0 ? 1000 : weight(each.substring(semicolon + 1));
                weights.put(name.equals("x-gzip") ? "gzip" : name, weight); // section 8.4.1.3
            }
        }
    }

    /**
     * The one of {@code available} with the greatest weight, of equals the first; null if the
     * client takes none of them, or likes the plain content better.
     */
    static @Nullable ContentCoding choose(List<String> fields, List<ContentCoding> available) {
        if (fields.isEmpty()) {
            return null; // anything goes, but who says nothing may understand nothing
        }
        var accepted = new AcceptEncoding(fields);
        int most = Math.max(1, accepted.weights.getOrDefault("identity", 0));
        ContentCoding chosen = null;
        for (ContentCoding coding : available) {
            int weight = accepted.of(coding);
            if (weight > most || (weight == most && chosen == null)) {
                most = weight;
                chosen = coding;
            }
        }
        return chosen;
    }

    private int of(ContentCoding coding) {
        return weights.getOrDefault(coding.token(), weights.getOrDefault("*", 0));
    }

    /** Of a {@code q=0.5}; what is no weight is none, so that its coding is not used. */
    private static int weight(String parameter) {
        String text = parameter.replace(" ", "").replace("\t", "");
        if (!text.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
            return 0;
        }
        return Math.round(Float.parseFloat(text.substring(2)) * 1000);
    }
}
