package io.weft.http.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.jr.ob.JSON;

import io.weft.http.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON as httpbin writes it. */
final class Json {
    /** Python writes null for None, and clients look for {@code "json": null}. */
    private static final JSON LINE = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    /** Indented, this much nesting can make it larger by its depth twice over for each value. */
    private static final int MOST_PRETTY = 4 * 1024;

    private static final int MOST_NESTING = 64;

    private static final JSON PRETTY = LINE.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    private static final JSON READER =
            new JSON(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(MOST_NESTING)
                                            .build())
                            .build());

    private Json() {}

    static void send(Response response, Object value) throws IOException {
        send(response, value, 0);
    }

    /** Indented, unless {@code size} bytes that a client sent are told back, and they are many. */
    static void send(Response response, Object value, int size) throws IOException {
        String json = size <= MOST_PRETTY ? write(value) : line(value);
        response.header("Content-Type", "application/json")
                .header("X-Content-Type-Options", "nosniff") // what is told may look like a page
                .send((json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static String write(Object value) throws IOException {
        return PRETTY.asString(value);
    }

    /** On one line. */
    static String line(Object value) throws IOException {
        return LINE.asString(value);
    }

    /** The value that {@code text} is; null if it is none, or nested too deeply. */
    static @Nullable Object parse(String text) {
        try {
            return text.isBlank() ? null : READER.anyFrom(text);
        } catch (IOException e) {
            return null;
        }
    }
}
