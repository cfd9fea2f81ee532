package io.weft.http.testing;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One response as it came, one character to a byte.
 *
 * @param status the status line
 * @param framed the body with what frames it: the chunk sizes
 * @param body the body alone
 */
public record Answer(
        String status, List<Map.Entry<String, String>> headers, String framed, String body) {
    static Answer read(InputStream in, boolean toHead) throws IOException {
        String status = line(in);
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] field = line.split(": ", 2);
            headers.add(Map.entry(field[0], field[1]));
        }
        var answer = new Answer(status, headers, "", "");
        boolean bodyless = toHead || answer.code() < 200 || answer.code() == 204;
        return bodyless || answer.code() == 304 ? answer : answer.withBody(in);
    }

    private Answer withBody(InputStream in) throws IOException {
        if ("chunked".equals(header("Transfer-Encoding"))) {
            return chunked(in);
        }
        String length = header("Content-Length");
        byte[] bytes = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return new Answer(status, headers, text, text);
    }

    private Answer chunked(InputStream in) throws IOException {
        var framed = new StringBuilder();
        var body = new StringBuilder();
        while (true) {
            String size = line(in);
            framed.append(size).append("\r\n");
            int count = Integer.parseInt(size, 16);
            if (count == 0) {
                break;
            }
            String data = new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
            body.append(data);
            framed.append(data).append(line(in)).append("\r\n");
        }
        for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
            framed.append(trailer).append("\r\n");
        }
        return new Answer(status, headers, framed.append("\r\n").toString(), body.toString());
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException(
                        "the connection ended amid a line: "
                                + line.toString(StandardCharsets.ISO_8859_1));
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    public int code() {
        return Integer.parseInt(status.split(" ", 3)[1]);
    }

    /** The first value of that header; null if there is none. */
    public @Nullable String header(String name) {
        for (var field : headers) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return null;
    }
}
