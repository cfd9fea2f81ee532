package io.weft.http.compression;

import io.weft.http.serve.AcceptedCodings;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Which coding a client likes best (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /**
     * The one of {@code available} with the greatest weight, of equals the first; null if the
     * client takes none of them, or likes the plain content better.
     */
    static @Nullable ContentCoding choose(List<String> fields, List<ContentCoding> available) {
        if (fields.isEmpty()) {
            return null; // anything goes, but who says nothing may understand nothing
        }
        var accepted = AcceptedCodings.of(fields);
        int most = Math.max(1, accepted.plain());
        ContentCoding chosen = null;
        for (ContentCoding coding : available) {
            int weight = accepted.weight(coding.token());
            if (weight > most || (weight == most && chosen == null)) {
                most = weight;
                chosen = coding;
            }
        }
        return chosen;
    }
}
