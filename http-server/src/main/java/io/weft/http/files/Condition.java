package io.weft.http.files;

import io.netty.handler.codec.DateFormatter;
import io.weft.http.EntityTags;
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

    private static final int LONGEST_DATE = 64; // Netty's parser throws at more

    static Condition of(Request request, Found found) {
        List<String> match = request.headers().getAll("If-Match");
        List<String> noneMatch = request.headers().getAll("If-None-Match");
        if (!match.isEmpty()) {
            if (!EntityTags.matchStrongly(match, found.tag())) {
                return FAILED;
            }
        } else if (isAfter(found, request.header("If-Unmodified-Since"), false)) {
            return FAILED;
        }
        if (!noneMatch.isEmpty()) {
            return EntityTags.matchWeakly(noneMatch, found.tag()) ? NOT_MODIFIED : HOLDS;
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
        boolean mayBe = date != null && date.length() <= LONGEST_DATE;
        Date parsed = mayBe ? DateFormatter.parseHttpDate(date) : null;
        return parsed == null ? null : Math.floorDiv(parsed.getTime(), 1000L);
    }
}
