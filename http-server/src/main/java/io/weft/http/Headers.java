package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * The fields of a message's head or trailer, in their order; names are case-insensitive (RFC 9110
 * section 5). Not thread-safe. Setters refuse a name that is no token, and a value with CR, LF,
 * NUL, another control character or one beyond U+00FF, by an {@link IllegalArgumentException} (RFC
 * 9110 section 5.5): a field is bytes, one to a character.
 */
public interface Headers extends Iterable<Map.Entry<String, String>> {
    /** The first value; null if there is none. */
    @Nullable String get(String name);

    /** All values, in their order; empty if there is none. */
    List<String> getAll(String name);

    boolean contains(String name);

    /** Whether one of the comma-separated values is {@code token}, in whatever case. */
    boolean containsToken(String name, String token);

    /** Takes out what there was of that name, and adds this. */
    Headers set(String name, String value);

    Headers add(String name, String value);

    Headers remove(String name);

    /** The names, each once. */
    List<String> names();

    /** How many fields there are. */
    int size();
}
