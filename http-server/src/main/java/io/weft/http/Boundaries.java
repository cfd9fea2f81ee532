package io.weft.http;

import java.nio.charset.StandardCharsets;

/**
 * Watches a multipart body on its way to the decoder, and leaves out what RFC 2046 section 5.1.1
 * has readers ignore and Netty's decoder does not: blanks behind a boundary, where it waits for
 * more, and all that follows the last one, which it keeps. Of one form, in the handler's coroutine.
 *
 * <pre>
 *   text ──LF -- boundary──▶ behind ──blank──▶ padded ──CR or LF──▶ text
 *    ▲                         │
 *    └──────anything else──────┴──── - - ────▶ ended
 * </pre>
 */
final class Boundaries {
    private final byte[] delimiter; // LF, two hyphens, what the head says
    private int matched = 1; // of these: the body begins as a line does
    private boolean hyphen; // one, directly behind the boundary
    private boolean padded;
    private boolean ended;

    /**
     * @param dashed the boundary with the two hyphens before it
     */
    Boundaries(String dashed) {
        delimiter = ("\n" + dashed).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Moves what is to be decoded of these bytes, the next of the body, to their front.
     *
     * @return how many that are
     * @throws MultipartException 400 if something else follows the blanks in a boundary's line
     */
    int sift(byte[] bytes, int offset, int length) throws MultipartException {
        int end = offset + length;
        int kept = offset;
        for (int at = offset, next; at < end && !ended; at = next) {
            next = at + 1;
            if (matched == 0) {
                next = passText(bytes, at, end);
            } else if (matched < delimiter.length) {
                matched = bytes[at] == delimiter[matched] ? matched + 1 : afterBreak(bytes[at]);
            } else if (isPadding(bytes[at])) {
                continue;
            }
            if (kept != at) {
                System.arraycopy(bytes, at, bytes, kept, next - at);
            }
            kept += next - at;
        }
        return kept - offset;
    }

    /** Passes over what is no boundary, and the line break behind it; returns where that ends. */
    private int passText(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (bytes[at++] == '\n') {
                matched = 1;
                break;
            }
        }
        return at;
    }

    /** There is a line break only at the delimiter's front, so nothing else can be matched yet. */
    private static int afterBreak(byte b) {
        return b == '\n' ? 1 : 0;
    }

    /** Whether a byte behind a boundary is to be left out. */
    private boolean isPadding(byte b) throws MultipartException {
        if (hyphen) {
            hyphen = false;
            ended = b == '-';
        } else if (b == ' ' || b == '\t') {
            padded = true;
            return true;
        } else if (padded && b != '\r' && b != '\n') {
            throw new MultipartException(
                    400, "expected the end of the line behind a boundary and blanks", null);
        } else if (b == '-') {
            hyphen = true;
            return false;
        }
        padded = false;
        matched = afterBreak(b);
        return false;
    }
}
