package io.weft.http.form;

import io.weft.http.grammar.Ascii;
import io.weft.http.grammar.ExtendedValue;
import io.weft.http.grammar.Octets;
import io.weft.http.grammar.Parameters;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The fields before a part's content (RFC 7578 section 4). Taken line by line; only those that say
 * something are kept.
 */
final class PartHead {
    private static final int MOST_LINES = 100; // gunicorn: limit_request_fields

    private @Nullable String pending; // a field that may go on in the next line
    private int count;
    private @Nullable Parameters disposition;
    private @Nullable Parameters type;

    /** Takes the next line, which is not empty, as octets without its end. */
    void take(String line) throws FormException {
        boolean folded = line.charAt(0) == ' ' || line.charAt(0) == '\t'; // RFC 5322 2.2.3
        if (++count > MOST_LINES) {
            throw malformed("at most " + MOST_LINES + " lines");
        }
        if (folded && pending == null) {
            throw malformed("a field's name in its first line");
        }
        if (folded) {
            pending += line;
            return;
        }
        finish();
        pending = line;
    }

    /** The empty line has come. */
    void end() throws FormException {
        finish();
        if (disposition == null || !disposition.is("form-data")) {
            throw malformed("a Content-Disposition of form-data");
        }
        if (disposition.get("name") == null) {
            throw malformed("a name");
        }
    }

    private void finish() throws FormException {
        if (pending == null) {
            return;
        }
        int colon = pending.indexOf(':');
        String name = colon < 0 ? "" : pending.substring(0, colon);
        if (!Ascii.isToken(name)) {
            throw malformed("a field's name and a colon in each line");
        }
        String value = Parameters.trimmed(pending.substring(colon + 1));
        pending = null;
        switch (name.toLowerCase(Locale.ROOT)) {
            case "content-disposition" ->
                    disposition = once(disposition, Parameters.parseDisposition(value));
            case "content-type" -> {
                requirePrintable(value);
                type = once(type, Parameters.parse(value));
            }
            case "content-transfer-encoding" -> requireNone(value);
            default -> {}
        }
    }

    private static Parameters once(@Nullable Parameters before, @Nullable Parameters now)
            throws FormException {
        if (before != null || now == null) {
            throw malformed("one Content-Disposition and one Content-Type, both well-formed");
        }
        return now;
    }

    /** Of names it is not required: browsers send them with whatever is in them. */
    private static void requirePrintable(String value) throws FormException {
        if (!value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t')) {
            throw malformed("a Content-Type of ASCII that can be printed");
        }
    }

    /** RFC 7578 section 4.7: nobody sends others. */
    private static void requireNone(String encoding) throws FormException {
        switch (encoding.toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary" -> {}
            default -> throw malformed("content that is not encoded");
        }
    }

    private static FormException malformed(String expected) {
        return new FormException(400, "expected " + expected + " in the head of a form's part");
    }

    String name() {
        String name = disposition == null ? null : disposition.get("name");
        return name == null ? "" : text(name);
    }

    /**
     * RFC 7578 section 4.2 knows no {@code filename*}, and browsers send none; older clients in
     * Python do, so that it is read as Django and Werkzeug read it, and goes before the other.
     */
    @Nullable String fileName() throws FormException {
        String plain = disposition == null ? null : disposition.get("filename");
        String extended = disposition == null ? null : disposition.get("filename*");
        if (extended == null) {
            return plain == null ? null : text(plain);
        }
        String decoded = ExtendedValue.decode(extended);
        if (decoded == null) {
            throw malformed("a file name in UTF-8");
        }
        return decoded;
    }

    /**
     * What a browser has escaped, which is a quote and the end of a line (WHATWG HTML,
     * multipart/form-data encoding algorithm), as Werkzeug and undici undo it; then UTF-8.
     */
    private static String text(String octets) {
        return Octets.text(
                octets.indexOf('%') < 0
                        ? octets
                        : octets.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"));
    }

    @Nullable String contentType() {
        return type == null || type.value().isEmpty() ? null : type.value();
    }

    Charset charset() throws FormException {
        String charset = type == null ? null : type.get("charset");
        try {
            return charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset);
        } catch (IllegalArgumentException e) {
            throw malformed("a known charset");
        }
    }
}
