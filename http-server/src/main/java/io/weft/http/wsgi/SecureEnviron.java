package io.weft.http.wsgi;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An environ whose {@link #toString()} keeps to itself what does not belong into a log: cookies,
 * authorization and all else but a few entries (gevent: WSGISecureEnviron). Not thread-safe.
 *
 * <pre>{REMOTE_ADDR=::1, REMOTE_PORT=40000, HTTP_HOST=weft.example, (hidden keys: 17)}</pre>
 */
public final class SecureEnviron extends AbstractMap<String, Object> {
    /** As gevent's. */
    private static final Set<String> SHOWN = Set.of("REMOTE_ADDR", "REMOTE_PORT", "HTTP_HOST");

    private final Map<String, Object> entries;

    /** A copy of {@code environ}. */
    public SecureEnviron(Map<String, Object> environ) {
        entries = new LinkedHashMap<>(environ);
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return entries.entrySet();
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public @Nullable Object put(String key, Object value) {
        return entries.put(key, value);
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        return entries.remove(key);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("{");
        int hidden = 0;
        for (var entry : entries.entrySet()) {
            if (SHOWN.contains(entry.getKey())) {
                text.append(entry.getKey()).append('=').append(entry.getValue()).append(", ");
            } else {
                hidden++;
            }
        }
        return text.append("(hidden keys: ").append(hidden).append(")}").toString();
    }
}
