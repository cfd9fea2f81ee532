package io.weft.http;

/** What a handler may say in a response's head. */
final class Sendable {
    private Sendable() {}

    /** A status that is final: informational ones are not. */
    static int status(int code) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("expected a status of 200 to 599, but got " + code);
        }
        return code;
    }

    /** What stands beside the status. */
    static String reason(String phrase) {
        for (int i = 0; i < phrase.length(); i++) {
            if (phrase.charAt(i) < ' ' || phrase.charAt(i) > '~') {
                throw new IllegalArgumentException(
                        "expected a reason of ASCII that can be printed, but got '"
                                + phrase.replaceAll("[^ -~]", "?")
                                + "'");
            }
        }
        return phrase;
    }

    /** A {@code Content-Length}: digits and nothing else (RFC 9110 section 8.6). */
    static long length(String length) {
        boolean digits = !length.isEmpty() && length.length() <= 18;
        for (int i = 0; i < length.length() && digits; i++) {
            digits = length.charAt(i) >= '0' && length.charAt(i) <= '9';
        }
        if (!digits) {
            throw new IllegalArgumentException(
                    "expected a Content-Length of 1 to 18 decimal digits, but got '"
                            + length.replaceAll("[^ -~]", "?")
                            + "'");
        }
        return Long.parseLong(length);
    }
}
