package io.weft.http;

import java.util.List;

/**
 * Compares a response's {@code ETag} with those that a condition lists (RFC 9110 section 8.8.3.2):
 * weakly for {@code If-None-Match}, strongly for {@code If-Match}.
 */
public final class EntityTags {
    private EntityTags() {}

    /**
     * Whether {@code tag} is listed, weak or not, or a star is.
     *
     * @param fields all values of the condition
     */
    public static boolean matchWeakly(List<String> fields, String tag) {
        return match(fields, isWeak(tag) ? tag.substring(2) : tag, true);
    }

    /** Whether {@code tag} is listed and neither is weak, or a star is. */
    public static boolean matchStrongly(List<String> fields, String tag) {
        return match(fields, tag, false);
    }

    /** Whether it tells of what is the same in meaning, not byte for byte (section 8.8.1). */
    public static boolean isWeak(String tag) {
        return tag.startsWith("W/");
    }

    private static boolean match(List<String> fields, String opaque, boolean weakly) {
        for (String field : fields) {
            if (field.strip().equals("*") || names(field, opaque, weakly)) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(String field, String opaque, boolean weakly) {
        for (int at = 0; at < field.length(); ) {
            int open = field.indexOf('"', at); // a comma may be within the quotes
            int close = open < 0 ? -1 : field.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            boolean weak = open - at >= 2 && field.startsWith("W/", open - 2);
            if (field.substring(open, close + 1).equals(opaque) && (weakly || !weak)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }
}
