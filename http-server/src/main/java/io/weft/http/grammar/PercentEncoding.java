package io.weft.http.grammar;

/**
 * Percent-encoding (RFC 3986 section 2.1), of bytes: what they say is asked when all of them are
 * there. Paths, queries, forms, names of files and fields are all decoded here, and once.
 */
public final class PercentEncoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {}

    /** Whether each percent sign has two hexadecimal digits behind it. */
    public static boolean isWellFormed(String octets) {
        for (int at = octets.indexOf('%'); at >= 0; at = octets.indexOf('%', at + 1)) {
            if (at + 2 >= octets.length()
                    || Ascii.hexDigit(octets.charAt(at + 1)) < 0
                    || Ascii.hexDigit(octets.charAt(at + 2)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The {@link Octets} decoded; a percent sign that is no escape stays (WHATWG URL 1.3). */
    public static String decode(String octets) {
        if (octets.indexOf('%') < 0) {
            return octets;
        }
        byte[] bytes = Octets.bytes(octets);
        return Octets.of(bytes, 0, decode(bytes, 0, bytes.length));
    }

    /**
     * A path decoded but for its encoded slashes, which stay {@code %2F}: decoded, they would
     * separate where they do not (RFC 3986 section 2.2; ASP.NET Core, and Apache's
     * AllowEncodedSlashes NoDecode).
     */
    public static String decodePath(String octets) {
        if (octets.indexOf('%') < 0) {
            return octets;
        }
        var decoded = new StringBuilder(octets.length());
        String[] between = octets.split("%2[Ff]", -1);
        for (int i = 0; i < between.length; i++) {
            decoded.append(i == 0 ? "" : "%2F").append(decode(between[i]));
        }
        return decoded.toString();
    }

    /**
     * Decodes bytes in place, without a change of what is behind {@code end}.
     *
     * @return where they end now
     */
    public static int decode(byte[] bytes, int start, int end) {
        int to = start;
        for (int from = start; from < end; from++) {
            byte b = bytes[from];
            if (b == '%' && from + 2 < end) {
                int high = Ascii.hexDigit(bytes[from + 1]);
                int low = Ascii.hexDigit(bytes[from + 2]);
                if (high >= 0 && low >= 0) {
                    b = (byte) (high << 4 | low);
                    from += 2;
                }
            }
            bytes[to++] = b;
        }
        return to;
    }

    /** As {@link #decode}, where a plus is a space: in queries and forms (WHATWG URL 5.1). */
    public static int decodeForm(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '+') {
                bytes[i] = ' ';
            }
        }
        return decode(bytes, start, end);
    }

    /** Text in UTF-8, with everything escaped but letters, digits and what is in {@code plain}. */
    public static String encode(String text, String plain) {
        String octets = Octets.ofText(text);
        var encoded = new StringBuilder(octets.length() + 16);
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (letter || Ascii.isDigit(c) || plain.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return encoded.toString();
    }
}
