package io.weft.http.compression;

import io.weft.http.EntityTags;
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
     * Whether this is to be compressed.
     *
     * @param length of the body; negative if it is not known
     */
    boolean fits(int status, Headers headers, long length) {
        return status != 204
                && status != 206
                && status != 304
                && (length < 0 || length >= least)
                && !headers.contains("Content-Range")
                && mayBeEncoded(headers);
    }

    /**
     * Whether this has the Vary of a 200 that would have been (RFC 9110 sections 15.3.7 and
     * 15.4.5); a 304 does not say of which type that is.
     */
    boolean standsForOneThatFits(int status, Headers headers) {
        return status == 304 || (status == 206 && mayBeEncoded(headers));
    }

    private boolean mayBeEncoded(Headers headers) {
        return hasType(headers.get("Content-Type"))
                && !headers.contains("Content-Encoding")
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
        if (tag != null && !EntityTags.isWeak(tag)) {
            headers.set("ETag", weak(tag));
        }
    }

    /**
     * Of what is compressed here (RFC 9110 section 8.8.1): the strong one is that of the plain
     * bytes. As nginx does.
     */
    private static String weak(String tag) {
        return "W/" + tag;
    }

    /**
     * Has a 304 name what the client has, if that is the compressed one: a cache keeps apart by the
     * tag what it has in both ways (RFC 9111 section 4.3.4).
     *
     * @param known the values of If-None-Match
     */
    static void unchanged(Headers headers, List<String> known) {
        String tag = headers.get("ETag");
        if (tag != null
                && !EntityTags.isWeak(tag)
                && !EntityTags.matchStrongly(known, tag)
                && EntityTags.matchWeakly(known, tag)) {
            headers.set("ETag", weak(tag));
        }
    }
}
