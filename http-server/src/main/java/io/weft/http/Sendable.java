package io.weft.http;

import io.weft.Printable;
import io.weft.http.grammar.Ascii;

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

    /** What a field is called (RFC 9110 section 5.1). */
    static String fieldName(String name) {
        boolean token = !name.isEmpty();
        for (int i = 0; i < name.length() && token; i++) {
            char c = name.charAt(i);
            token = c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        if (!token) {
            throw new IllegalArgumentException(
                    "expected a token as a field's name, but got '" + Printable.of(name) + "'");
        }
        return name;
    }

    /** What a field says (RFC 9110 section 5.5). */
    static String fieldValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(
                        "expected a value of "
                                + name
                                + " in Latin-1 without control characters, but got '"
                                + Printable.of(value)
                                + "'");
            }
        }
        return value;
    }

    /** A {@code Content-Length}: digits and nothing else (RFC 9110 section 8.6). */
    static long length(String length) {
        long value = Ascii.number(length);
        if (value < 0) {
            throw new IllegalArgumentException(
                    "expected a Content-Length of 1 to 18 decimal digits, but got '"
                            + length.replaceAll("[^ -~]", "?")
                            + "'");
        }
        return value;
    }
}
