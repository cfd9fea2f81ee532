package io.weft.load.report;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A value of a JSON document that knows where it stands, for the message if it is not what was
 * expected. Immutable.
 */
record Node(@Nullable Object value, String path) {

    /** What stands under that name; a node without a value if nothing does. */
    Node at(String name) {
        if (!(value instanceof Map<?, ?> object)) {
            throw expected("an object");
        }
        return new Node(object.get(name), path.isEmpty() ? name : path + "." + name);
    }

    Node at(int index) {
        List<Node> all = list();
        if (index >= all.size()) {
            throw new IllegalArgumentException(
                    "expected at least " + (index + 1) + " values at " + path);
        }
        return all.get(index);
    }

    boolean isAbsent() {
        return value == null;
    }

    /** A number that can be drawn: not less than 0. */
    double number() {
        if (value instanceof Number number && number.doubleValue() >= 0) {
            return number.doubleValue();
        }
        throw expected("a number from 0");
    }

    long count() {
        if (value instanceof Number number && number.longValue() >= 0) {
            return number.longValue();
        }
        throw expected("a number from 0");
    }

    long count(long otherwise) {
        return value == null ? otherwise : count();
    }

    boolean flag(boolean otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw expected("true or false");
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw expected("a text");
    }

    String text(String otherwise) {
        return value == null ? otherwise : text();
    }

    /** No elements, if there is no value. */
    List<Node> list() {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw expected("a list");
        }
        return IntStream.range(0, list.size())
                .mapToObj(i -> new Node(list.get(i), path + "[" + i + "]"))
                .toList();
    }

    /** What an object has, in its order; nothing, if there is no value. */
    List<Map.Entry<String, Node>> entries() {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Map<?, ?> object)) {
            throw expected("an object");
        }
        return object.keySet().stream()
                .map(String::valueOf)
                .map(name -> Map.entry(name, at(name)))
                .toList();
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException(
                "expected " + what + " at " + (path.isEmpty() ? "its top" : path));
    }
}
