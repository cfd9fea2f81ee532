package io.weft.http.files;

import io.netty.handler.codec.DateFormatter;
import io.weft.http.Request;

import org.jspecify.annotations.Nullable;

import java.util.Date;
import java.util.List;

/** What becomes of a request that has conditions (RFC 9110 section 13.2.2, for GET and HEAD). */
enum Condition {
    HOLDS,
    /** The client has it already: 304. */
    NOT_MODIFIED,
    /** It is not, or no longer, what the client has asked for: 412. */
    FAILED;

    static Condition of(Request request, Found found) {
        List<String> match = request.headers().getAll("If-Match");
        List<String> noneMatch = request.headers().getAll("If-None-Match");
        if (!match.isEmpty()) {
            if (!names(match, found.tag(), false)) {
                return FAILED;
            }
        } else if (isAfter(found, request.header("If-Unmodified-Since"), false)) {
            return FAILED;
        }
        if (!noneMatch.isEmpty()) {
            return names(noneMatch, found.tag(), true) ? NOT_MODIFIED : HOLDS;
        }
        return isAfter(found, request.header("If-Modified-Since"), true) ? HOLDS : NOT_MODIFIED;
    }

    /** Whether the file is newer than that; {@code otherwise} if that is no date. */
    private static boolean isAfter(Found found, @Nullable String date, boolean otherwise) {
        Long seconds = seconds(date);
        return seconds == null ? otherwise : found.modifiedSeconds() > seconds;
    }

    /** A date of HTTP in seconds since 1970; null if it is none. */
    @SuppressWarnings("JavaUtilDate") // what the parser gives
    static @Nullable Long seconds(@Nullable String date) {
        Date parsed = date == null ? null : DateFormatter.parseHttpDate(date);
        return parsed == null ? null : Math.floorDiv(parsed.getTime(), 1000L);
    }

    /** Whether one of the listed entity tags, or the star, is {@code tag}. */
    private static boolean names(List<String> fields, String tag, boolean weakly) {
        for (String field : fields) {
            if (field.strip().equals("*")) {
                return true;
            }
            for (int at = 0; at < field.length(); ) {
                int open = field.indexOf('"', at); // a comma may be within the quotes
                int close = open < 0 ? -1 : field.indexOf('"', open + 1);
                if (close < 0) {
                    break;
                }
                boolean weak = field.startsWith("W/", Math.max(at, open - 2)) && open >= 2;
                if (field.substring(open, close + 1).equals(tag) && (weakly || !weak)) {
                    return true;
                }
                at = close + 1;
            }
        }
        return false;
    }
}
