package io.weft.http.files;

import io.weft.http.Request;
import io.weft.http.grammar.Parameters;

import org.jspecify.annotations.Nullable;

/**
 * What part of a file is asked for (RFC 9110 section 14.1.2).
 *
 * @param first the first byte
 * @param last the last byte
 * @param size the size of all of it
 * @param isPart whether a part was asked for, which may be all of it
 */
record ByteRange(long first, long last, long size, boolean isPart) {
    /**
     * The range that {@code request} asks for. It is all of it where there is no range, none that
     * can be understood, several, or {@code If-Range} names another state of the file.
     */
    static ByteRange of(Request request, Found found) {
        long size = found.size();
        String field = request.header("Range");
        if (field == null
                || !request.method().equals("GET") // section 14.2
                || !isOf(found, request.header("If-Range"))
                || !field.regionMatches(true, 0, "bytes=", 0, 6)
                || request.headers().getAll("Range").size() > 1) {
            return whole(size);
        }
        String range = Parameters.trimmed(field.substring(6));
        int dash = range.indexOf('-');
        if (dash < 0) {
            return whole(size);
        }
        String first = range.substring(0, dash);
        String last = range.substring(dash + 1);
        boolean understood = isNumber(first) && isNumber(last) && range.length() > 1;
        return understood ? of(first, last, size) : whole(size);
    }

    private static ByteRange of(String first, String last, long size) {
        if (first.isEmpty()) { // so many from the end
            long count = Math.min(Long.parseLong(last), size);
            return new ByteRange(count == 0 ? size : size - count, size - 1, size, true);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return whole(size); // invalid, not unsatisfiable
        }
        return new ByteRange(from, Math.min(to, size - 1), size, true);
    }

    private static ByteRange whole(long size) {
        return new ByteRange(0, size - 1, size, false);
    }

    /** Empty, or digits that are not too many for a long. */
    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() <= 18;
    }

    /** Whether the client's part is of the same state; a date has to be just the same. */
    private static boolean isOf(Found found, @Nullable String ifRange) {
        if (ifRange == null || ifRange.equals(found.tag())) {
            return true;
        }
        Long seconds = ifRange.endsWith("\"") ? null : Condition.seconds(ifRange);
        return seconds != null && seconds == found.modifiedSeconds();
    }

    /** Whether it begins behind the end: 416. */
    boolean isNowhere() {
        return isPart && first >= size;
    }

    long length() {
        return last - first + 1;
    }
}
