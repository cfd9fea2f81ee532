package io.weft.http;

import java.util.List;

/**
 * The fields that are about one answer's content (RFC 9110 section 8) and how long it may be kept:
 * false when another is sent in its place. Others stay, as do cookies, {@code Vary} and a {@code
 * Content-Security-Policy}; so do Jetty's resetContent and Express's finalhandler.
 */
final class ContentFields {
    private static final List<String> NAMES =
            List.of(
                    "Content-Type",
                    "Content-Length",
                    "Content-Encoding",
                    "Content-Language",
                    "Content-Location",
                    "Content-Range",
                    "Content-Disposition",
                    "Content-MD5",
                    "Content-Digest",
                    "Repr-Digest",
                    "Digest",
                    "ETag",
                    "Last-Modified",
                    "Accept-Ranges",
                    "Expires",
                    "Age",
                    "Trailer");

    private static final String CACHING = "Cache-Control";

    private ContentFields() {}

    static void removeFrom(Headers fields) {
        if (fields.size() == 0) {
            return;
        }
        NAMES.forEach(fields::remove);
        if (!fields.containsToken(CACHING, "no-store")) { // which is true of an error as well
            fields.remove(CACHING);
        }
    }
}
