package io.weft.http.demo;

import com.fasterxml.jackson.jr.ob.JSON;

import io.weft.http.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON as httpbin writes it. */
final class Json {
    /** Python writes null for None, and clients look for {@code "json": null}. */
    private static final JSON LINE = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private static final JSON PRETTY = LINE.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    private Json() {}

    static void send(Response response, Object value) throws IOException {
        response.header("Content-Type", "application/json");
        response.send((write(value) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static String write(Object value) throws IOException {
        return PRETTY.asString(value);
    }

    /** On one line. */
    static String line(Object value) throws IOException {
        return LINE.asString(value);
    }

    /** The value that {@code text} is; null if it is none. */
    static @Nullable Object parse(String text) {
        try {
            return text.isBlank() ? null : JSON.std.anyFrom(text);
        } catch (IOException e) {
            return null;
        }
    }
}
