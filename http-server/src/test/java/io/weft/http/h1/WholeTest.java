package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.server.HttpServer;
import io.weft.http.testing.Answer;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/** Responses that are sent whole, beside others on the same connection and on others. */
class WholeTest {
    private static final int LARGE = 200_000;

    /** The last part of the path says how much; /stream/ sends it bit by bit. */
    private static final Handler SIZED =
            (request, response) -> {
                String path = request.path();
                byte[] body = body(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
                if (path.startsWith("/stream/")) {
                    response.body().write(body);
                } else {
                    response.send(body);
                }
            };

    private static byte[] body(int size) {
        var body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        return body;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    private static void assertSized(Answer answer, int size) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(new String(body(size), StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4000, 4096, 4097, 65_536, LARGE})
    void bodyOfAnySizeComesAsItWas(int size) throws Exception {
        try (var raw = new Raw(SIZED)) {
            for (int i = 0; i < 3; i++) {
                assertSized(raw.get("/" + size), size);
            }
        }
    }

    @Test
    void pipelinedOnesComeInTheirOrderWhateverTheirKind() throws Exception {
        int[] sizes = {3, LARGE, 5, 4096, 4097, 0, 7};
        try (var raw = new Raw(SIZED)) {
            var requests = new StringBuilder();
            for (int size : sizes) {
                requests.append(get("/" + size)).append(get("/stream/" + size));
            }
            raw.send(requests.toString());
            for (int size : sizes) {
                assertSized(raw.answer(), size);
                assertSized(raw.answer(), size);
            }
        }
    }

    @Test
    void headThatWaitsForItsClientIsNotMixedWithAnother() throws Exception {
        int pipelined = 60;
        try (var raw = new Raw(SIZED)) {
            raw.send(get("/" + LARGE).repeat(pipelined)); // more than the kernel takes
            Socket slow = raw.socket();
            raw.connect();
            for (int i = 0; i < 100; i++) {
                assertSized(raw.get("/" + i), i);
            }
            byte[] body = body(LARGE);
            var in = slow.getInputStream();
            slow.setSoTimeout((int) Raw.PATIENCE.toMillis());
            for (int i = 0; i < pipelined; i++) {
                var head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                assertThat(head.toString())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("Content-Length: " + LARGE + "\r\n");
                assertThat(in.readNBytes(LARGE)).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 5000, 50_000})
    void headOfAnySizeComesWhole(int size) throws Exception {
        String value = "v".repeat(size);
        try (var raw =
                new Raw((request, response) -> response.header("X-Long", value).send("ok"))) {
            for (int i = 0; i < 3; i++) {
                var answer = raw.get("/");
                assertThat(answer.header("x-long")).isEqualTo(value);
                assertThat(answer.body()).isEqualTo("ok");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Location", "ETag", "X-Own"})
    void valueWithALineBreakIsRefusedUnderAnyName(String name) throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) ->
                                        response.header(name, "a\r\nSet-Cookie: b=c"))) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.head).doesNotContain("Set-Cookie");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    /** They are bytes: what is none would be sent as a question mark. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Location", "X-Own"})
    void valueBeyondOneByteIsRefusedUnderAnyName(String name) throws Exception {
        var failure = new AtomicReference<String>();
        Handler handler =
                (request, response) -> {
                    try {
                        response.headers().set(name, "/k\u00e4se/\u20ac");
                    } catch (IllegalArgumentException e) {
                        failure.set(e.getMessage());
                    }
                    response.headers().add(name, "/k\u00e4se");
                    response.send("fine");
                };
        try (var raw = new Raw(handler)) {
            var answer = raw.get("/");
            assertThat(failure.get()).contains("U+00FF").contains("U+20AC at index 6");
            assertThat(answer.header(name)).isEqualTo("/k\u00e4se");
        }
    }

    @Test
    void nameIsFoundInWhateverCase() throws Exception {
        Handler handler =
                (request, response) -> {
                    response.headers().set("content-type", "text/csv");
                    response.headers().set("Content-Type", "text/html; charset=utf-8");
                    response.send(String.valueOf(request.header("x-forwarded-for")));
                };
        try (var raw = new Raw(handler)) {
            raw.send("GET / HTTP/1.1\r\nHost: test\r\nX-FORWARDED-For: 192.0.2.1\r\n\r\n");
            var answer = raw.answer();
            assertThat(answer.head).containsOnlyOnce("text/").contains("text/html; charset=utf-8");
            assertThat(answer.body()).isEqualTo("192.0.2.1");
        }
    }

    @Test
    void serversNameThatIsNoHeaderIsRefusedAtOnce() {
        var builder = HttpServer.builder((request, response) -> response.send("ok"));
        for (String name : new String[] {"weft\r\nX-Bad: yes", "w\u0119ft"}) {
            assertThatThrownBy(() -> builder.name(name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
