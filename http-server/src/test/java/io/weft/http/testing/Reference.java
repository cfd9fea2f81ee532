package io.weft.http.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What decoding has to come to, written down as the standard says it and in no other way (WHATWG
 * URL 1.3 and 5.1). It shares nothing with what it is held against.
 */
public final class Reference {
    private static final String DIGITS = "0123456789ABCDEFabcdef";

    private Reference() {}

    /** The bytes of {@code octets} percent-decoded, one character to a byte. */
    public static String percentDecoded(String octets) {
        var output = new ByteArrayOutputStream();
        byte[] input = octets.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < input.length; i++) {
            boolean escape =
                    input[i] == '%'
                            && i + 2 < input.length
                            && DIGITS.indexOf(input[i + 1]) >= 0
                            && DIGITS.indexOf(input[i + 2]) >= 0;
            if (escape) {
                String digits = "" + (char) input[i + 1] + (char) input[i + 2];
                output.write(Integer.parseInt(digits, 16));
                i += 2;
            } else {
                output.write(input[i]);
            }
        }
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    /** The value of a query or a form. */
    public static String formDecoded(String octets) {
        return utf8(percentDecoded(octets.replace('+', ' ')));
    }

    /** Bytes as UTF-8, with U+FFFD for what is none. */
    public static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** A text's bytes in UTF-8. */
    public static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** All of a text's bytes escaped. */
    public static String escaped(String text) {
        var escapes = HexFormat.of().withPrefix("%");
        return escapes.formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
