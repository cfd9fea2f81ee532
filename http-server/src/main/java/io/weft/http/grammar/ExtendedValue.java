package io.weft.http.grammar;

import org.jspecify.annotations.Nullable;

/** A parameter's value that tells its charset, {@code UTF-8''na%C3%AFve} (RFC 8187). */
public final class ExtendedValue {
    private static final String PLAIN = "!#$&+-.^_`|~"; // attr-char, beside letters and digits

    private ExtendedValue() {}

    /** What {@code octets} say; null if they are malformed, or in a charset other than UTF-8. */
    public static @Nullable String decode(String octets) {
        int charset = octets.indexOf('\'');
        int language = octets.indexOf('\'', charset + 1);
        if (language < 0 || !octets.substring(0, charset).equalsIgnoreCase("utf-8")) {
            return null;
        }
        String text = octets.substring(language + 1);
        return PercentEncoding.isWellFormed(text)
                ? Octets.utf8(PercentEncoding.decode(text))
                : null;
    }

    /** Any text as such a value. */
    public static String encode(String text) {
        return "UTF-8''" + PercentEncoding.encode(text, PLAIN);
    }
}
