package io.weft.http.serve;

import java.util.Arrays;
import java.util.List;

/**
 * What a client's Accept-Encoding says of the codings that are known here (RFC 9110 section
 * 12.5.3). Others are passed over, so that the field costs one look at each of its characters,
 * whatever is in it. A weight that is none refuses its coding. Immutable.
 */
public final class AcceptedCodings {
    private static final String[] NAMES = {
        "br", "zstd", "gzip", "x-gzip", "deflate", "identity", "*"
    };

    private static final int GZIP = 2;
    private static final int OLD_GZIP = 3; // section 8.4.1.3: the same
    private static final int ANY = NAMES.length - 1;
    private static final int UNNAMED = -1;
    private static final int MOST = 1000;

    private final int[] weights = new int[NAMES.length];

    private AcceptedCodings(List<String> fields) {
        Arrays.fill(weights, UNNAMED);
        for (String field : fields) {
            for (int start = 0, end; start <= field.length(); start = end + 1) {
                end = field.indexOf(',', start);
                end = end < 0 ? field.length() : end;
                read(field, start, end);
            }
        }
    }

    /** What the fields, in their order, say together. */
    public static AcceptedCodings of(List<String> fields) {
        return new AcceptedCodings(fields);
    }

    /**
     * How welcome a coding is, from 0, not at all, to 1000.
     *
     * @throws IllegalArgumentException if it is not known here
     */
    public int weight(String coding) {
        int weight = weights[Arrays.asList(NAMES).indexOf(coding)];
        return weight != UNNAMED ? weight : Math.max(0, weights[ANY]);
    }

    /**
     * The same of content as it is; 0 if the client does not speak of it, though it may be sent.
     */
    public int plain() {
        return Math.max(0, weights[ANY - 1]);
    }

    private void read(String field, int start, int end) {
        int from = skipBlanks(field, start, end);
        int to = from;
        while (to < end && field.charAt(to) != ';' && !isBlank(field.charAt(to))) {
            to++;
        }
        int name = indexOf(field, from, to);
        if (name >= 0) {
            weights[name == OLD_GZIP ? GZIP : name] =
                    weight(field, skipBlanks(field, to, end), end);
        }
    }

    private static int indexOf(String field, int from, int to) {
        for (int i = 0; i < NAMES.length; i++) {
            int length = NAMES[i].length();
            if (length == to - from && field.regionMatches(true, from, NAMES[i], 0, length)) {
                return i;
            }
        }
        return -1;
    }

    /** Of {@code ;q=0.5}, with blanks around the semicolon and behind; nothing is 1. */
    private static int weight(String field, int start, int end) {
        if (start == end) {
            return MOST;
        }
        int at = field.charAt(start) == ';' ? skipBlanks(field, start + 1, end) : end;
        int last = end;
        while (last > at && isBlank(field.charAt(last - 1))) {
            last--;
        }
        int length = last - at;
        if (length < 3
                || length > 7
                || (field.charAt(at) | 0x20) != 'q'
                || field.charAt(at + 1) != '='
                || (length > 3 && field.charAt(at + 3) != '.')) {
            return 0;
        }
        int weight = 0;
        for (int i = 2, unit = MOST; i < length; i += i == 2 ? 2 : 1, unit /= 10) {
            int digit = field.charAt(at + i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            weight += digit * unit;
        }
        return weight <= MOST ? weight : 0;
    }

    private static int skipBlanks(String field, int start, int end) {
        int at = start;
        while (at < end && isBlank(field.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
