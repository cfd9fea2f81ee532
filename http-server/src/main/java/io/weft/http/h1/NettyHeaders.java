package io.weft.http.h1;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.http.Headers;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Netty's fields, as handlers see them. Not thread-safe. */
class NettyHeaders implements Headers {
    final HttpHeaders fields;

    NettyHeaders(HttpHeaders fields) {
        this.fields = fields;
    }

    @Override
    public @Nullable String get(String name) {
        return fields.get(Known.name(name));
    }

    @Override
    public List<String> getAll(String name) {
        return fields.getAll(Known.name(name));
    }

    @Override
    public boolean contains(String name) {
        return fields.contains(Known.name(name));
    }

    @Override
    public boolean containsToken(String name, String token) {
        return fields.containsValue(Known.name(name), token, true);
    }

    @Override
    public Headers set(String name, String value) {
        try {
            fields.set(Known.name(name), Known.value(value));
        } catch (IllegalArgumentException e) {
            throw refused(name, e);
        }
        return this;
    }

    @Override
    public Headers add(String name, String value) {
        try {
            fields.add(Known.name(name), Known.value(value));
        } catch (IllegalArgumentException e) {
            throw refused(name, e);
        }
        return this;
    }

    /** Netty says only that it is refused; why is in the cause. */
    private static IllegalArgumentException refused(String name, IllegalArgumentException e) {
        Throwable why = e.getCause() == null ? e : e.getCause();
        return new IllegalArgumentException("field '" + name + "': " + why.getMessage(), e);
    }

    @Override
    public Headers remove(String name) {
        fields.remove(Known.name(name));
        return this;
    }

    @Override
    public List<String> names() {
        return List.copyOf(fields.names());
    }

    @Override
    public int size() {
        return fields.size();
    }

    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return fields.iteratorAsString();
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
