package io.weft.load;

import static io.weft.load.HttpLoad.assertBroken;
import static io.weft.load.HttpLoad.assertGood;
import static io.weft.load.HttpScripts.always;
import static io.weft.load.HttpScripts.ok;
import static io.weft.load.HttpScripts.once;
import static io.weft.load.HttpScripts.request;
import static io.weft.load.HttpScripts.say;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** The command against HTTP servers that close connections, as they may and as they may not. */
@ParameterizedClass
@EnumSource(Mode.class)
class HttpReconnectTest {
    private final HttpLoad http;

    HttpReconnectTest(Mode mode) {
        this.http = new HttpLoad(mode);
    }

    @Test
    void aServerMayCloseAfterAnyAnswer() throws IOException {
        try (var server = ScriptedServer.playing(once(ok("Hello")))) {
            var load = http.load(server, "--connections 3 --messages 20");

            assertGood(load, 60);
            assertThat(load.line("connections")).isEqualTo("connections  60 made, 0 failed");
        }
    }

    @Test
    void aServerMayCloseAConnectionThatIsIdle() throws IOException {
        try (var server = ScriptedServer.playing(once(ok("Hello")))) {
            // also what may not be sent twice: the close is noticed before the next request
            assertGood(http.load(server, "--connections 3 --messages 3 --think 1s --body x"), 9);
            assertGood(http.load(server, "--connections 3 --messages 3 --rate 3 --body x"), 9);
        }
    }

    @Test
    void aServerMaySayThatItIsTiredOfWaiting() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        once(
                                ok("Hello")
                                        + "HTTP/1.1 408 Request Timeout\r\n"
                                        + "Connection: close\r\nContent-Length: 0\r\n\r\n"))) {
            assertGood(http.load(server, "--connections 2 --messages 5"), 10);
        }
    }

    @Test
    void aRequestThatPassesTheCloseIsSentAgain() throws IOException {
        try (var server = ScriptedServer.playing(closingAtTheSecond(""))) {
            assertGood(http.load(server, "--connections 2 --messages 5"), 10);
            assertGood(http.load(server, "--connections 2 --messages 9 --pipeline 3"), 18);
        }
    }

    @Test
    void aRequestThatMayNotBeRepeatedIsNotSentAgain() throws IOException {
        try (var server = ScriptedServer.playing(closingAtTheSecond(""))) {
            var load = http.load(server, "--connections 1 --messages 4 --body x");

            assertBroken(load, "2: broke off: the server closed the connection");
            assertThat(load.line("messages")).startsWith("messages     2 in ");
            assertThat(load.out()).contains("sent and not answered: 2");
        }
    }

    @Test
    void aRequestWhoseAnswerHasBegunIsNotSentAgain() throws IOException {
        try (var server = ScriptedServer.playing(closingAtTheSecond("HTTP/1.1 20"))) {
            assertBroken(
                    http.load(server, "--connections 1 --messages 4"),
                    "2: broke off: the server closed the connection in the middle of an answer");
        }
    }

    @Test
    void theFirstRequestOfAConnectionIsNotSentAgain() throws IOException {
        try (var server = ScriptedServer.playing((in, _) -> request(in))) {
            var load = http.load(server, "--connections 1 --messages 3");

            assertBroken(load, "3: broke off: the server closed the connection");
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void anAnswerThatComesBeforeTheRequestIsReadIsSeen() throws IOException {
        String refusal = "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            in.read();
                            say(out, refusal);
                            in.transferTo(java.io.OutputStream.nullOutputStream());
                        })) {
            assertGood(
                    http.load(server, "--connections 2 --messages 3 --body x --expect-status 413"),
                    6);
        }
    }

    @Test
    @SuppressWarnings("try") // closing the first one is what it is about
    void aServerThatIsRestartedIsUsedAgain(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        var asked = new CountDownLatch(20);
        try (var first =
                        ScriptedServer.playing(
                                (in, out) -> {
                                    while (!request(in).isEmpty()) {
                                        asked.countDown();
                                        say(out, ok("Hello"));
                                    }
                                });
                var restarting = Executors.newSingleThreadExecutor()) {
            int port = first.port();
            var second =
                    restarting.submit(
                            () -> {
                                asked.await();
                                first.close();
                                return again(port);
                            });
            var load = http.load(first, "--connections 3 --rate 100 --duration 4s --json " + json);

            try (var restarted = second.get()) {
                assertThat(restarted.connections()).isPositive();
            }
            assertThat(load.line("messages")).as(load.out()).containsPattern(" in [4-9]\\.");
            assertThat(Files.readString(json)).contains("\"messages_due\": 400,");
        }
    }

    /** The port is free when the thread that accepts has noticed. */
    private static ScriptedServer again(int port) throws IOException {
        while (true) {
            try {
                return ScriptedServer.playing(port, always(ok("Hello")));
            } catch (BindException e) {
                Thread.yield();
            }
        }
    }

    /** Answers one request, takes another, says what it says and closes. */
    private static ScriptedServer.Script closingAtTheSecond(String said) {
        return (in, out) -> {
            request(in);
            say(out, ok("Hello"));
            request(in);
            say(out, said);
        };
    }
}
