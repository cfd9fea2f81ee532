package io.weft.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A whole answer as a value. Immutable, but for the body, which is not copied. */
public final class Reply {
    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;

    private Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** 200 with UTF-8 text. */
    public static Reply text(String text) {
        return bytes("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with HTML in UTF-8. */
    public static Reply html(String html) {
        return bytes("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with JSON. */
    public static Reply json(String json) {
        return bytes("application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with a body of that type. */
    public static Reply bytes(String contentType, byte[] body) {
        String type = Sendable.fieldValue("Content-Type", contentType);
        return new Reply(200, List.of(Map.entry("Content-Type", type)), body);
    }

    /** A status without a body. */
    public static Reply empty(int status) {
        return new Reply(status, List.of(), new byte[0]);
    }

    /** The same with another status. */
    public Reply status(int other) {
        return new Reply(other, headers, body);
    }

    /**
     * The same with one more header.
     *
     * @throws IllegalArgumentException if it cannot be one, as {@link Headers} says
     */
    public Reply header(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(Map.entry(Sendable.fieldName(name), Sendable.fieldValue(name, value)));
        return new Reply(status, more, body);
    }

    void sendTo(Response response) throws IOException {
        response.status(status);
        headers.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        response.send(body);
    }
}
