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

    /** A {@code Content-Length}. */
    static long length(String length) {
        try {
            long value = Long.parseLong(length);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "expected a Content-Length of decimal digits, but the handler set '"
                        + length
                        + "'");
    }
}
