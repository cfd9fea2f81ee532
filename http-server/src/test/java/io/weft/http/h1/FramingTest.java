package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.EventStream;
import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.Response;
import io.weft.http.compression.Compression;
import io.weft.http.testing.Answer;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;

/** What frames a response is the server's, and nothing that a handler sets can contradict it. */
class FramingTest {
    private interface Setting {
        void set(Response response) throws Exception;
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    // ---- what is refused in the line that sets it

    private static void assertRefused(Class<?> expected, Setting setting) throws Exception {
        var thrown = new AtomicReference<Throwable>();
        Handler handler =
                (request, response) -> {
                    try {
                        setting.set(response);
                    } catch (RuntimeException e) {
                        thrown.set(e);
                    }
                    if (!response.isCommitted()) {
                        response.send("fine");
                    }
                };
        try (var raw = new Raw(handler)) {
            for (int i = 0; i < 2; i++) {
                raw.get("/");
                assertThat(thrown.getAndSet(null)).isInstanceOf(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+5",
                "-1",
                "5, 5",
                " 5",
                "5 ",
                "0x5",
                "٥",
                "9999999999999999999",
                "five"
            })
    void lengthThatIsNoNumber(String length) throws Exception {
        assertRefused(
                IllegalArgumentException.class,
                response -> response.headers().set("content-length", length));
        assertRefused(
                IllegalArgumentException.class,
                response -> response.headers().add("Content-Length", length));
    }

    @Test
    void secondLength() throws Exception {
        assertRefused(
                IllegalArgumentException.class,
                response ->
                        response.headers().add("Content-Length", "5").add("content-Length", "5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "gzip", "identity"})
    void codingOfTheHandlersOwn(String coding) throws Exception {
        assertRefused(
                IllegalArgumentException.class,
                response -> response.header("transfer-encoding", coding));
    }

    @Test
    void whatComesAfterTheHead() throws Exception {
        assertRefused(
                IllegalStateException.class,
                response -> {
                    response.body().write('x');
                    response.headers().set("Content-Length", "1");
                });
        assertRefused(
                IllegalStateException.class,
                response -> {
                    response.send("x");
                    response.headers().add("X-Late", "1");
                });
        assertRefused(
                IllegalStateException.class,
                response -> {
                    response.body().flush();
                    response.headers().remove("Date");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length", "transfer-encoding", "Host", "Set-Cookie", "Content-Type"})
    void trailerThatCannotComeSoLate(String name) throws Exception {
        assertRefused(
                IllegalArgumentException.class, response -> response.trailers().set(name, "1"));
        assertRefused(
                IllegalArgumentException.class, response -> response.trailers().add(name, "1"));
    }

    @Test
    void trailerAfterTheEnd() throws Exception {
        assertRefused(
                IllegalStateException.class,
                response -> {
                    response.trailers().set("X-Sum", "1");
                    response.body().close();
                    response.trailers().set("X-Sum", "2");
                });
    }

    @Test
    void secondSendIsRefusedAndLoggedAndTheFirstIsWhole() throws Exception {
        Handler handler =
                (request, response) -> {
                    response.send("first");
                    response.send("second");
                };
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw(handler)) {
            assertThat(raw.get("/").body()).isEqualTo("first");
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("send comes too late");
        }
    }

    @Test
    void lengthThatIsWrittenInExcessIsNotSent() throws Exception {
        Handler handler =
                (request, response) -> {
                    response.header("Content-Length", "3");
                    response.body().write("abcdef".getBytes(StandardCharsets.US_ASCII));
                };
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw(handler)) {
            raw.sendGet("/");
            assertThat(raw.rest()).contains("Content-Length: 3\r\n").endsWith("\r\n\r\n");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void largeWriteIsManyChunks() throws Exception {
        byte[] body = "0123456789".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        try (var raw = new Raw((request, response) -> response.body().write(body))) {
            Answer answer = raw.get("/");
            assertThat(answer.body()).isEqualTo(new String(body, StandardCharsets.US_ASCII));
            assertThat(answer.chunks).allMatch(chunk -> chunk.length() <= 64 * 1024);
        }
    }

    // ---- HEAD, and statuses without a body

    @TempDir private Path folder;

    /** RFC 9110 section 8.6. */
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "send", "stream", "flush"})
    void headSaysTheLengthThatTheHandlerHasSet(String how) throws Exception {
        Handler handler =
                (request, response) -> {
                    response.header("Content-Length", "1234");
                    switch (how) {
                        case "send" -> response.send();
                        case "stream" -> response.body().close();
                        case "flush" -> response.body().flush();
                        default -> {}
                    }
                };
        try (var raw = new Raw(handler)) {
            for (int i = 0; i < 2; i++) {
                var answer = raw.send(request("HEAD", "/")).answer("HEAD");
                assertThat(answer.header("content-length")).isEqualTo("1234");
                assertThat(answer.header("transfer-encoding")).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/send", "/stream", "/file", "/length"})
    void headSaysWhatGetSays(String path) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "0123456789".repeat(1000));
        Handler handler =
                (request, response) -> {
                    response.header("Content-Type", "text/plain");
                    switch (request.path()) {
                        case "/send" -> response.send("0123456789".repeat(1000));
                        case "/stream" -> response.body().write(Files.readAllBytes(file));
                        case "/file" -> response.sendFile(file);
                        default -> {
                            response.header("Content-Length", "10000");
                            response.body().write(Files.readAllBytes(file));
                        }
                    }
                };
        for (Handler each : new Handler[] {handler, new Compression().before(handler)}) {
            for (String accept : new String[] {"", "Accept-Encoding: gzip\r\n"}) {
                try (var raw = new Raw(each)) {
                    String rest = " " + path + " HTTP/1.1\r\nHost: test\r\n" + accept + "\r\n";
                    var head = raw.send("HEAD" + rest).answer("HEAD");
                    var get = raw.send("GET" + rest).answer();
                    for (String name : new String[] {"Content-Encoding", "Vary", "ETag"}) {
                        assertThat(head.header(name)).isEqualTo(get.header(name));
                    }
                    String length = head.header("Content-Length");
                    if (length != null) { // it may be left out if it takes the body to know it
                        assertThat(length).isEqualTo(get.header("Content-Length"));
                    }
                    assertThat(raw.send("HEAD" + rest).answer("HEAD").status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void headOfAnEventStreamEndsAndTheNextRequestIsAnswered() throws Exception {
        var events = new SynchronousQueue<String>();
        Handler handler =
                (request, response) -> {
                    if (request.path().equals("/next")) {
                        response.send("next");
                        return;
                    }
                    var stream = EventStream.of(response);
                    while (true) {
                        stream.send(events.take());
                    }
                };
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw(handler)) {
            var answer = raw.send(request("HEAD", "/events")).answer("HEAD");
            assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
            assertThat(raw.get("/next").body()).isEqualTo("next");
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"204, , ", "205, 0, ", "304, 1234, 1234"})
    void statusesWithoutABodyHaveNone(int status, String length, String own) throws Exception {
        Handler handler =
                (request, response) -> {
                    response.status(status);
                    if (own != null) {
                        response.header("Content-Length", own);
                    }
                    if (request.path().equals("/stream")) {
                        response.body().write('x');
                    } else if (own == null) {
                        response.send("body");
                    }
                };
        try (var raw = new Raw(handler)) {
            for (String path : new String[] {"/", "/stream"}) {
                raw.send(request("GET", path) + request("GET", path));
                for (int i = 0; i < 2; i++) {
                    var answer = raw.answer("HEAD");
                    assertThat(answer.status()).isEqualTo(status);
                    assertThat(answer.header("content-length")).isEqualTo(length);
                    assertThat(answer.header("transfer-encoding")).isNull();
                }
            }
        }
    }
}
