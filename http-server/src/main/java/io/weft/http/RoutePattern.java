package io.weft.http;

import io.weft.http.grammar.Octets;
import io.weft.http.grammar.PathSegments;
import io.weft.http.grammar.PercentEncoding;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A route's pattern, against which the decoded segments of paths are held. Immutable. */
final class RoutePattern {
    /** One segment: a text, or a placeholder with what stands before and behind it. */
    private record Segment(String before, @Nullable String name, String behind) {
        boolean fits(String text) {
            return name == null
                    ? before.equals(text)
                    : text.length() > before.length() + behind.length()
                            && text.startsWith(before)
                            && text.endsWith(behind);
        }

        String value(String text) {
            return text.substring(before.length(), text.length() - behind.length());
        }
    }

    private final String pattern;
    private final List<Segment> segments = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable String rest; // the placeholder for all that is left

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is malformed, or no path could ever fit it
     */
    RoutePattern(String pattern) {
        this.pattern = pattern;
        require(pattern.startsWith("/"), "a pattern that starts with a slash");
        require(
                pattern.indexOf('?') < 0 && pattern.indexOf('#') < 0,
                "a pattern of the path alone, with %3F and %23 for marks within");
        List<String> octets = PathSegments.of(Octets.ofText(pattern));
        require(octets != null, "no dot segment, no empty segment but the last, and no NUL");
        String[] raw = pattern.substring(1).split("/", -1);
        for (int i = 0; i < raw.length; i++) {
            add(raw[i], i == raw.length - 1);
        }
    }

    private void add(String raw, boolean last) {
        int open = raw.indexOf('{');
        int close = raw.indexOf('}');
        if (open < 0 && close < 0) {
            segments.add(new Segment(decoded(raw), null, ""));
            return;
        }
        require(
                open >= 0
                        && close > open
                        && raw.indexOf('{', open + 1) < 0
                        && raw.indexOf('}', close + 1) < 0,
                "one placeholder a segment at most, in a pair of braces");
        String name = raw.substring(open + 1, close);
        boolean all = name.endsWith("...");
        name = all ? name.substring(0, name.length() - 3) : name;
        require(isName(name), "a name of letters, digits, _ and - in a placeholder");
        require(names.add(name), "another name in each placeholder");
        if (all) {
            require(
                    last && raw.length() == name.length() + 5,
                    "{" + name + "...} as the whole of the last segment");
            rest = name;
        } else {
            segments.add(
                    new Segment(
                            decoded(raw.substring(0, open)),
                            name,
                            decoded(raw.substring(close + 1))));
        }
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "expected " + expected + ", but got the pattern '" + pattern + "'");
        }
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> Character.isJavaIdentifierPart(c) || c == '-');
    }

    /** Escapes may stand in a pattern too, for what otherwise has a meaning there. */
    private static String decoded(String literal) {
        return Octets.text(PercentEncoding.decode(Octets.ofText(literal)));
    }

    boolean fits(List<String> path) {
        int count = segments.size();
        if (rest == null ? path.size() != count : path.size() < count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!segments.get(i).fits(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The placeholders' values in a path that fits, in their order. */
    Map<String, String> parameters(List<String> path) {
        if (names.isEmpty()) {
            return Map.of();
        }
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.name != null) {
                parameters.put(segment.name, segment.value(path.get(i)));
            }
        }
        if (rest != null) {
            parameters.put(rest, joined(path.subList(segments.size(), path.size())));
        }
        return parameters;
    }

    /** As in {@link Request#path}, a slash that separates none stays encoded. */
    private static String joined(List<String> segments) {
        String joined = String.join("/", segments);
        if (joined.chars().filter(c -> c == '/').count() < segments.size()) {
            return joined;
        }
        return String.join(
                "/", segments.stream().map(segment -> segment.replace("/", "%2F")).toList());
    }

    @Override
    public String toString() {
        return pattern;
    }
}
