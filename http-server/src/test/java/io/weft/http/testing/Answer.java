package io.weft.http.testing;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One response as it came, one character to a byte. */
public final class Answer {
    /** With the empty line behind it. */
    public final String head;

    /** The pieces of the body as they were chunked; one if it was not, none if there is none. */
    public final List<String> chunks = new ArrayList<>();

    /** Lines, without their ends. */
    public final List<String> trailers = new ArrayList<>();

    private final StringBuilder framed = new StringBuilder();

    private Answer(String head) {
        this.head = head;
    }

    /**
     * The next one.
     *
     * @param toHead whether it has no body, whatever it says
     * @throws EOFException if the stream ends before
     */
    public static Answer read(InputStream in, boolean toHead) throws IOException {
        var answer = new Answer(until(in, "\r\n\r\n"));
        int status = answer.status();
        if (!toHead && status >= 200 && status != 204 && status != 304) {
            answer.readBody(in);
        }
        return answer;
    }

    private void readBody(InputStream in) throws IOException {
        String length = header("Content-Length");
        if (header("Transfer-Encoding") != null) {
            readChunks(in);
        } else {
            String body = length == null ? rest(in) : bytes(in, Integer.parseInt(length));
            chunks.add(body);
            framed.append(body);
        }
    }

    private void readChunks(InputStream in) throws IOException {
        String line = line(in);
        for (int size; (size = Integer.parseInt(line.strip(), 16)) > 0; line = line(in)) {
            String chunk = bytes(in, size);
            chunks.add(chunk);
            framed.append(chunk);
            String end = line(in);
            if (!end.equals("\r\n")) {
                throw new IOException(
                        "expected the end of a chunk, but it goes on by '" + end + "'");
            }
        }
        for (line = line(in); !line.equals("\r\n"); line = line(in)) {
            trailers.add(line.strip());
        }
    }

    private String line(InputStream in) throws IOException {
        String line = until(in, "\r\n");
        framed.append(line);
        return line;
    }

    private static String until(InputStream in, String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection after '" + text + "'");
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static String bytes(InputStream in, int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    private static String rest(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    public String statusLine() {
        return head.lines().findFirst().orElseThrow();
    }

    public int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    /** All fields of the head, in their order. */
    public List<Map.Entry<String, String>> headers() {
        return head.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(": ", 2))
                .map(field -> Map.entry(field[0], field[1]))
                .toList();
    }

    /** The first value of that header; null if there is none. */
    public @Nullable String header(String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    public String body() {
        return String.join("", chunks);
    }

    /** The body with what frames it: the chunks' sizes, the trailers. */
    public String framed() {
        return framed.toString();
    }
}
