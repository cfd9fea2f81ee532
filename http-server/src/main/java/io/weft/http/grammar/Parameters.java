package io.weft.http.grammar;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A value with parameters, {@code text/plain; charset="utf-8"} (RFC 9110 section 5.6.6), as {@link
 * Octets}. A value that is not quoted may have more than a token has, as clients do not quote the
 * boundaries that they should. Immutable.
 */
public final class Parameters {
    private final String value;
    private final Map<String, String> parameters = new HashMap<>(4);

    private Parameters(String value) {
        this.value = value;
    }

    /** Takes a field apart; null if it is malformed, or has a parameter twice. */
    public static @Nullable Parameters parse(String field) {
        return new Reader(field, true).read();
    }

    /**
     * As {@link #parse}, of a {@code Content-Disposition} in a form. Browsers escape nothing by a
     * backslash, so that one before a quote is a name's last character; others do (RFC 2183). What
     * makes no sense in the second way is read in the first.
     */
    public static @Nullable Parameters parseDisposition(String field) {
        Parameters parsed = new Reader(field, true).read();
        return parsed != null ? parsed : new Reader(field, false).read();
    }

    /** What stands before the parameters, as it was written. */
    public String value() {
        return value;
    }

    /** Whether that is {@code other}, in whatever case. */
    public boolean is(String other) {
        return value.equalsIgnoreCase(other);
    }

    /** The parameter of that name, in lower case; null if there is none. */
    public @Nullable String get(String name) {
        return parameters.get(name);
    }

    /** Goes over a field once. */
    private static final class Reader {
        private final String field;
        private final boolean escapes; // whether a backslash may keep a quote from being the end
        private int at;

        Reader(String field, boolean escapes) {
            this.field = field;
            this.escapes = escapes;
        }

        @Nullable Parameters read() {
            int semicolon = field.indexOf(';');
            at = semicolon < 0 ? field.length() : semicolon;
            var read = new Parameters(trimmed(field.substring(0, at)));
            while (at < field.length()) {
                if (field.charAt(at++) != ';') {
                    return null;
                }
                skipBlanks();
                if (at < field.length() && field.charAt(at) != ';' && !readOne(read.parameters)) {
                    return null;
                }
                skipBlanks();
            }
            return read;
        }

        private boolean readOne(Map<String, String> into) {
            int equals = field.indexOf('=', at);
            String name = equals < 0 ? "" : field.substring(at, equals);
            at = equals + 1;
            if (!Ascii.isToken(name)) {
                return false;
            }
            String text = at < field.length() && field.charAt(at) == '"' ? quoted() : plain();
            return text != null && into.put(name.toLowerCase(Locale.ROOT), text) == null;
        }

        private @Nullable String plain() {
            int start = at;
            while (at < field.length() && isPlain(field.charAt(at))) {
                at++;
            }
            return at == start ? null : field.substring(start, at);
        }

        private static boolean isPlain(char c) {
            return c > ' ' && c < 0x7f && "\"\\;,".indexOf(c) < 0;
        }

        private @Nullable String quoted() {
            int start = ++at;
            int pairs = 0;
            boolean literal = false; // a backslash escapes nothing here, so none does
            for (; at < field.length(); at++) {
                char c = field.charAt(at);
                if (c == '"') {
                    String text = field.substring(start, at++);
                    return pairs == 0 || literal ? text : unescaped(text);
                }
                if (c == '\\' && escapes) {
                    if (isPair()) {
                        pairs++;
                        at++;
                    } else {
                        literal = true;
                    }
                }
            }
            return null;
        }

        /** Other pairs are a browser's folders, as in {@code C:\dir} (Go, Werkzeug). */
        private boolean isPair() {
            return field.startsWith("\\\"", at) || field.startsWith("\\\\", at);
        }

        private static String unescaped(String text) {
            var plain = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                plain.append(text.charAt(text.charAt(i) == '\\' ? ++i : i));
            }
            return plain.toString();
        }

        private void skipBlanks() {
            while (at < field.length() && isBlank(field.charAt(at))) {
                at++;
            }
        }
    }

    /** Without blanks and tabs around it, which is all that white space is in a field. */
    public static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
