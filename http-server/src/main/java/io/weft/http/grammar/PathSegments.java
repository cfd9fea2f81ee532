package io.weft.http.grammar;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a path apart, by the one rule that routes, files and WSGI share (RFC 3986 section 6.2.2.2),
 * so that none of them sees a name where another has seen a different one.
 *
 * <ol>
 *   <li>The path is cut at its slashes, then each segment is decoded, once. An encoded slash is in
 *       a segment, and separates none.
 *   <li>Nothing has a path with a dot segment, whichever way it is written: also encoded, and also
 *       between backslashes or encoded slashes, which some file systems take for separators.
 *       Clients resolve them before they ask (section 5.2.4; WHATWG URL 4.4); who does not means no
 *       good.
 *   <li>Nor has anything one with an empty segment but the last, or with a NUL (Spring's
 *       StrictHttpFirewall; nginx and Go make one slash of several, which here would be a second
 *       name for what a route forbids).
 * </ol>
 */
public final class PathSegments {
    private PathSegments() {}

    /**
     * The segments of {@code path}, an undecoded one that starts with a slash; the last is empty if
     * it ends with one. Null if nothing can have such a path.
     */
    public static @Nullable List<String> of(String path) {
        var segments = new ArrayList<String>(4);
        for (int start = 1, end; ; start = end + 1) {
            end = path.indexOf('/', start);
            if (end < 0) {
                String last = PercentEncoding.decode(path.substring(start));
                segments.add(last);
                return isPlain(last) ? segments : null;
            }
            String segment = PercentEncoding.decode(path.substring(start, end));
            if (segment.isEmpty() || !isPlain(segment)) {
                return null;
            }
            segments.add(segment);
        }
    }

    private static boolean isPlain(String segment) {
        return segment.indexOf('\0') < 0 && !(segment.indexOf('.') >= 0 && hasDots(segment));
    }

    /** Whether one or two dots and nothing else stand between what may separate. */
    private static boolean hasDots(String segment) {
        int start = 0;
        boolean dots = true;
        for (int i = 0; i <= segment.length(); i++) {
            char c = i < segment.length() ? segment.charAt(i) : '/';
            if (c == '/' || c == '\\') {
                if (dots && i > start && i <= start + 2) {
                    return true;
                }
                start = i + 1;
                dots = true;
            } else {
                dots &= c == '.';
            }
        }
        return false;
    }
}
