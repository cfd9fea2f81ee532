package io.weft.http.form;

import io.weft.http.grammar.PercentEncoding;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and values as queries and forms have them (WHATWG URL 5.1): bytes are decoded, and only
 * then taken for UTF-8, so that it makes no difference which of them were escaped.
 */
public final class UrlEncoded {
    private static final int PIECE = 8192;

    private final Map<String, List<String>> parameters = new LinkedHashMap<>();
    private int count;

    private UrlEncoded() {}

    /**
     * The parameters of a query in their order, each with all its values; null if there are more
     * than {@code most}.
     *
     * @param encoded used up
     */
    public static @Nullable Map<String, List<String>> parse(byte[] encoded, int most) {
        var parsed = new UrlEncoded();
        for (int start = 0, end; start < encoded.length; start = end + 1) {
            end = indexOf('&', encoded, start, encoded.length);
            parsed.add(encoded, start, end);
            if (parsed.count > most) {
                return null;
            }
        }
        return parsed.parameters;
    }

    /**
     * The fields of a form, decoded as they come: the body is never there as a whole.
     *
     * @throws FormException 413 if there is more of it than {@code limits} allow
     */
    public static Map<String, List<String>> read(InputStream body, FormLimits limits)
            throws IOException {
        var parsed = new UrlEncoded();
        var field = new ByteArrayOutputStream(128);
        var piece = new byte[PIECE];
        long total = 0;
        for (int length; (length = body.read(piece)) >= 0; ) {
            total += length;
            require(total <= limits.memory(), "bytes", limits.memory());
            for (int start = 0, end; start < length; start = end + 1) {
                end = indexOf('&', piece, start, length);
                require(
                        (long) field.size() + end - start <= limits.field(),
                        "bytes in a field",
                        limits.field());
                field.write(piece, start, end - start);
                if (end < length) {
                    parsed.take(field, limits);
                }
            }
        }
        parsed.take(field, limits);
        return parsed.parameters;
    }

    private void take(ByteArrayOutputStream field, FormLimits limits) throws FormException {
        byte[] bytes = field.toByteArray();
        field.reset();
        add(bytes, 0, bytes.length);
        require(count <= limits.parts(), "fields", limits.parts());
    }

    private static void require(boolean holds, String what, int most) throws FormException {
        if (!holds) {
            throw new FormException(413, "the form has more than " + most + " " + what);
        }
    }

    private void add(byte[] bytes, int start, int end) {
        if (start == end) {
            return;
        }
        count++;
        int equals = indexOf('=', bytes, start, end);
        String name = text(bytes, start, equals);
        String value = text(bytes, Math.min(equals + 1, end), end);
        parameters.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
    }

    /** {@code end} if there is none. */
    private static int indexOf(char wanted, byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static String text(byte[] bytes, int start, int end) {
        int decoded = PercentEncoding.decodeForm(bytes, start, end);
        return new String(bytes, start, decoded - start, StandardCharsets.UTF_8);
    }
}
