package io.weft.http.h1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

import java.util.List;
import java.util.Locale;

/** How a head says where its body ends (RFC 9112 section 6), where Netty is too kind. */
final class Framing {
    /** A long has one more, but not all of those numbers. */
    private static final int MOST_DIGITS = 18;

    private Framing() {}

    /** Whether that is the name of a field that frames. */
    static boolean isOf(CharSequence name) {
        return switch (name.length()) {
            case 14 -> HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name);
            case 17 -> HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name);
            default -> false;
        };
    }

    static void check(HttpHeaders headers, boolean old) throws BadRequest {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()) {
            if (old) {
                throw new BadRequest(400, "Transfer-Encoding is not of HTTP/1.0");
            }
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                boolean chunked = codings.getLast().toLowerCase(Locale.ROOT).endsWith("chunked");
                throw new BadRequest(
                        chunked && codings.size() == 1 ? 501 : 400,
                        "expected chunked as the only transfer coding");
            }
            if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                throw new BadRequest(400, "both a Content-Length and a Transfer-Encoding");
            }
        }
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1) {
            throw new BadRequest(400, "expected one Content-Length, but got " + lengths.size());
        }
        for (String length : lengths) {
            if (length.isEmpty() || length.length() > MOST_DIGITS || !isDigits(length)) {
                throw new BadRequest(400, "expected a Content-Length of decimal digits");
            }
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
