package io.weft.load;

import static io.weft.load.HttpLoad.assertBad;
import static io.weft.load.HttpLoad.assertBroken;
import static io.weft.load.HttpScripts.always;
import static io.weft.load.HttpScripts.ok;
import static io.weft.load.HttpScripts.once;
import static io.weft.load.HttpScripts.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The command against servers that answer wrongly, badly or not at all, in both modes. */
@ParameterizedClass
@EnumSource(Mode.class)
class HttpFaultsTest {
    private final HttpLoad http;

    HttpFaultsTest(Mode mode) {
        this.http = new HttpLoad(mode);
    }

    @Test
    void aWrongStatusIsAMismatch() throws IOException {
        try (var server =
                ScriptedServer.playing(always("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"))) {
            var load = http.load(server, "--connections 2 --messages 3");

            assertBad(load, 6, "message 0: expected status 2xx or 3xx, got 503 Busy");
        }
    }

    @Test
    void aWrongBodyIsAMismatch() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hallo")))) {
            assertBad(
                    http.load(server, "--connections 1 --messages 2 --expect-body Hello"),
                    2,
                    "message 0: expected body \"Hello\", got \"Hallo\"");
            assertBad(
                    http.load(server, "--connections 1 --messages 2 --expect-body Hallo!"),
                    2,
                    "message 0: expected a body of 6 bytes, got 5");
            assertBad(
                    http.load(server, "--connections 1 --messages 2 --expect-body Hall"),
                    2,
                    "message 0: expected body \"Hall\", got \"Hallo\"");
        }
    }

    @Test
    void aServerThatClosesInsteadOfAnsweringIsAFailure() throws IOException {
        try (var server = ScriptedServer.playing((in, _) -> request(in))) {
            assertBroken(
                    http.load(server, "--connections 2 --messages 3"),
                    "6: broke off: the server closed the connection");
        }
    }

    @Test
    void aServerThatClosesInTheMiddleOfAnAnswerIsAFailure() throws IOException {
        for (String half :
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHel",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHel")) {
            try (var server = ScriptedServer.playing(once(half))) {
                assertBroken(
                        http.load(server, "--connections 2 --messages 3"),
                        "6: broke off: the server closed the connection in the middle of an"
                                + " answer");
            }
        }
    }

    @Test
    void aServerThatSpeaksNoHttpIsAFailure() throws IOException {
        try (var server = ScriptedServer.playing(always("hello 0\r\n\r\n"))) {
            assertBroken(
                    http.load(server, "--connections 2 --messages 3"),
                    "6: broke off: the answer is no HTTP: ");
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsAFailure() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello").repeat(2)))) {
            assertBroken(
                    http.load(server, "--connections 1 --messages 100"),
                    "50: broke off: an answer came that nobody had asked for");
        }
    }

    @Test
    void aServerThatNeverAnswersIsAFailure() throws IOException {
        try (var server = ScriptedServer.silent()) {
            assertBroken(
                    http.load(server, "--connections 2 --messages 1 --timeout 1s"),
                    "2: no reply in time");
        }
    }

    @Test
    void aServerThatNeverReadsIsAFailure(@TempDir Path folder) throws IOException {
        var half = new byte[8 * 1024 * 1024];
        Path body = Files.write(folder.resolve("body"), half);
        var over = new CountDownLatch(1);
        try (var server =
                ScriptedServer.playing(
                        (in, _) -> {
                            in.readNBytes(10);
                            awaitUninterruptibly(over);
                        })) {
            assertBroken(
                    http.load(server, "--connections 1 --messages 1 --timeout 1s --body @" + body),
                    "1: no reply in time");
        } finally {
            over.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
