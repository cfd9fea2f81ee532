package io.weft.http.compression;

import io.weft.http.Headers;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Tells by a response's head whether it can be compressed, and says in it that it is. */
record Candidate(int least, Predicate<String> types) {
    /** Of the bytes that are sent (RFC 9530; RFC 1864): they would be wrong afterwards. */
    private static final List<String> DIGESTS =
            List.of("Content-Digest", "Repr-Digest", "Digest", "Content-MD5");

    /**
     * @param length of the body; negative if it is not known
     */
    boolean fits(int status, Headers headers, long length) {
        return status != 204
                && status != 206
                && status != 304
                && (length < 0 || length >= least)
                && hasType(headers.get("Content-Type"))
                && !headers.contains("Content-Encoding")
                && !headers.contains("Content-Range")
                && !headers.containsToken("Cache-Control", "no-transform")
                && DIGESTS.stream().noneMatch(headers::contains);
    }

    private boolean hasType(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return types.test(type.strip().toLowerCase(Locale.ROOT));
    }

    /** RFC 9110 section 12.5.5: so that a cache does not give one client's to another. */
    static void vary(Headers headers) {
        if (!headers.containsToken("Vary", "Accept-Encoding")
                && !headers.containsToken("Vary", "*")) {
            headers.add("Vary", "Accept-Encoding");
        }
    }

    static void encoded(Headers headers, ContentCoding coding) {
        headers.set("Content-Encoding", coding.token());
        headers.remove("Content-Length");
        headers.remove("Accept-Ranges");
        String tag = headers.get("ETag");
        if (tag != null && !tag.startsWith("W/")) { // RFC 9110 section 8.8.1
            headers.set("ETag", "W/" + tag);
        }
    }
}
