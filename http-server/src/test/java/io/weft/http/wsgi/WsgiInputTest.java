package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.h1.Http1;
import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** The request's body as {@code wsgi.input}, with a length and in chunks. */
class WsgiInputTest {
    private static final String CHUNKED =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String TEXT = "one\ntwo two\n\nlast";

    /** What an application makes of its input. */
    @FunctionalInterface
    private interface Reader {
        List<String> read(Input input) throws IOException;
    }

    private static Application reading(Reader reader) {
        return (environ, startResponse) -> {
            List<String> parts = reader.read((Input) environ.get("wsgi.input"));
            startResponse.start("200 OK", Apps.TEXT);
            return Apps.list(String.join("|", parts));
        };
    }

    private static String post(String framing, String body) {
        return framing.equals("length")
                ? "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body
                : CHUNKED + chunks(body, 3);
    }

    private static String chunks(String body, int size) {
        var framed = new StringBuilder();
        for (int at = 0; at < body.length(); at += size) {
            String part = body.substring(at, Math.min(body.length(), at + size));
            framed.append(Integer.toHexString(part.length())).append("\r\n");
            framed.append(part).append("\r\n");
        }
        return framed.append("0\r\n\r\n").toString();
    }

    private static String answer(String framing, String body, Reader reader) throws IOException {
        try (var site = new Site(Wsgi.handler(reading(reader)));
                var socket = site.connect()) {
            // the next request must not be read as a part of the body
            Site.send(socket, post(framing, body) + post(framing, ""));
            String answer = Site.read(socket).body();
            assertThat(Site.read(socket).status()).isEqualTo(200);
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked"})
    void allAtOnce(String framing) throws Exception {
        Reader reader = input -> List.of(Apps.text(input.read()), Apps.text(input.read()), "end");
        assertThat(answer(framing, TEXT, reader)).isEqualTo(TEXT + "||end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked"})
    void exactlySoManyBytes(String framing) throws Exception {
        Reader reader =
                input ->
                        List.of(
                                Apps.text(input.read(0)),
                                Apps.text(input.read(4)),
                                Apps.text(input.read(5)),
                                Apps.text(input.read(1_000_000)),
                                Apps.text(input.read(7)));
        assertThat(answer(framing, TEXT, reader)).isEqualTo("|one\n|two t|wo\n\nlast|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked"})
    void lineByLine(String framing) throws Exception {
        Reader reader =
                input ->
                        List.of(
                                Apps.text(input.readLine()),
                                Apps.text(input.readLine()),
                                Apps.text(input.readLine()),
                                Apps.text(input.readLine()),
                                Apps.text(input.readLine()));
        assertThat(answer(framing, TEXT, reader)).isEqualTo("one\n|two two\n|\n|last|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked"})
    void iteratedOver(String framing) throws Exception {
        Reader reader =
                input -> {
                    var lines = new ArrayList<String>();
                    for (byte[] line : input) {
                        lines.add(Apps.text(line));
                    }
                    return lines;
                };
        assertThat(answer(framing, TEXT, reader)).isEqualTo("one\n|two two\n|\n|last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked"})
    void allFormsInTurn(String framing) throws Exception {
        Reader reader =
                input -> {
                    InputStream stream = input.stream();
                    var parts = new ArrayList<String>();
                    parts.add(Apps.text(input.readLine()));
                    parts.add(Apps.text(input.read(2)));
                    parts.add(Apps.text(stream.readNBytes(1)));
                    parts.add(Apps.text(input.readLine(2)));
                    parts.add(Apps.text(input.readLine(3)));
                    parts.add(Apps.text(input.readLine(99)));
                    parts.add(Apps.text(input.readLine(0)));
                    parts.add(Apps.text(input.read(-1)));
                    parts.add(Integer.toString(stream.read()));
                    return parts;
                };
        assertThat(answer(framing, TEXT, reader)).isEqualTo("one\n|tw|o| t|wo\n|\n||last|-1");
    }

    @Test
    void lineIsLongerThanAnyBuffer() throws Exception {
        String line = "x".repeat(100_000) + "\n";
        Reader reader =
                input ->
                        List.of(
                                Integer.toString(input.readLine().length),
                                Integer.toString(input.readLine(9000).length),
                                Integer.toString(input.readLine().length),
                                Integer.toString(input.readLine().length));
        assertThat(answer("length", line + line, reader)).isEqualTo("100001|9000|91001|0");
    }

    @Test
    void noBodyIsEmptyAtOnce() throws Exception {
        try (var site =
                new Site(Wsgi.handler(reading(input -> List.of(Apps.text(input.read())))))) {
            assertThat(site.get("/").body()).isEmpty();
        }
    }

    @Test
    void echoComesBackWhileTheClientStillSends() throws Exception {
        Application echo =
                (environ, startResponse) -> {
                    startResponse.start("200 OK", Apps.TEXT);
                    return (Input) environ.get("wsgi.input");
                };
        try (var site = new Site(Wsgi.handler(echo));
                var socket = site.connect()) {
            Site.send(socket, CHUNKED + "4\r\none\n\r\n");
            assertThat(upTo(socket, "4\r\none\n\r\n")).startsWith("HTTP/1.1 200");
            Site.send(socket, "4\r\ntwo\n\r\n0\r\n\r\n");
            assertThat(upTo(socket, "0\r\n\r\n")).isEqualTo("4\r\ntwo\n\r\n0\r\n\r\n");
        }
    }

    private static String upTo(Socket socket, String end) throws IOException {
        var come = new ByteArrayOutputStream();
        while (!Apps.text(come.toByteArray()).endsWith(end)) {
            int b = socket.getInputStream().read();
            assertThat(b).as("more, after %s", come).isNotNegative();
            come.write(b);
        }
        return Apps.text(come.toByteArray());
    }

    @Test
    void bodyThatEndsTooEarlyIsTheClientsFault() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var site =
                        new Site(Wsgi.handler(reading(input -> List.of(Apps.text(input.read())))));
                var socket = site.connect()) {
            Site.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nfour");
            socket.shutdownOutput();
            var answer = Site.read(socket);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("ended before its body did");
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void failureWhileIteratingIsTheClientsFaultToo() throws Exception {
        Application application =
                (environ, startResponse) -> {
                    int lines = 0;
                    for (byte[] line : (Input) environ.get("wsgi.input")) {
                        lines += line.length;
                    }
                    startResponse.start("200 OK", Apps.TEXT);
                    return Apps.list(Integer.toString(lines));
                };
        try (var log = LogRecorder.of(Http1.class);
                var site = new Site(Wsgi.handler(application));
                var socket = site.connect()) {
            Site.send(
                    socket,
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            assertThat(Site.read(socket).status()).isEqualTo(400);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void bodyBeyondFourGigabytesIsCountedRight() throws Exception {
        long size = (4L << 30) + 7;
        Reader reader =
                input -> {
                    var buffer = new byte[256 * 1024];
                    InputStream stream = input.stream();
                    long total = 0;
                    for (int n = 0; n >= 0; n = stream.read(buffer)) {
                        total += n;
                    }
                    return List.of(Long.toString(total));
                };
        try (var site = new Site(Wsgi.handler(reading(reader)));
                var socket = site.connect()) {
            Site.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            var block = new byte[1 << 20];
            for (long left = size; left > 0; left -= block.length) {
                socket.getOutputStream().write(block, 0, (int) Math.min(left, block.length));
            }
            Site.send(socket, post("length", "x"));
            assertThat(Site.read(socket).body()).isEqualTo(Long.toString(size));
            assertThat(Site.read(socket).body()).isEqualTo("1");
        }
    }
}
