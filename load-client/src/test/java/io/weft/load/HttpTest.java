package io.weft.load;

import static io.weft.load.HttpLoad.assertBad;
import static io.weft.load.HttpLoad.assertGood;
import static io.weft.load.HttpLoad.url;
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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The command against servers that speak HTTP well, in both modes. */
@ParameterizedClass
@EnumSource(Mode.class)
class HttpTest {
    private static final String CLOSING =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nHello";
    private static final String CHUNKED =
            """
            HTTP/1.1 200 OK\r
            Transfer-Encoding: chunked\r
            \r
            3;x=y\r
            Hel\r
            2\r
            lo\r
            0\r
            Trailer: t\r
            \r
            """;

    private final Mode mode;
    private final HttpLoad http;

    HttpTest(Mode mode) {
        this.mode = mode;
        this.http = new HttpLoad(mode);
    }

    @Test
    void everyConnectionAsksItsNumberOfTimes() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello")))) {
            var load = http.load(server, "--connections 7 --messages 11 --expect-body Hello");

            assertThat(load.exitCode()).as(load.out()).isZero();
            assertThat(load.complaints()).isEmpty();
            assertThat(load.line("target"))
                    .isEqualTo("target       " + url(server) + ", " + mode + ", GET");
            assertThat(load.line("connections")).isEqualTo("connections  7 made, 0 failed");
            assertThat(load.line("messages")).startsWith("messages     77 in ");
            assertThat(load.line("bytes")).startsWith("bytes        385 of bodies, ");
            assertThat(server.connections()).isEqualTo(7);
        }
    }

    @Test
    void whatIsAskedIsWhatTheOptionsSay(@TempDir Path folder) throws IOException {
        Path body = Files.writeString(folder.resolve("body"), "four");
        var asked = new ConcurrentLinkedQueue<String>();
        try (var server = recording(asked)) {
            http.load(
                    server,
                    "--connections 1 --messages 2 --body @" + body,
                    "--header",
                    "X-One: a b",
                    "-H",
                    "host: example.org");

            assertThat(asked)
                    .hasSize(2)
                    .allMatch(
                            request ->
                                    request.startsWith("POST /path?a=b HTTP/1.1\r\n")
                                            && request.contains("\r\nhost: example.org\r\n")
                                            && request.contains("\r\nX-One: a b\r\n")
                                            && request.contains("\r\ncontent-length: 4\r\n")
                                            && request.endsWith("\r\n\r\nfour"));
        }
    }

    @Test
    void withoutOptionsTheRequestIsShort() throws IOException {
        var asked = new ConcurrentLinkedQueue<String>();
        try (var server = recording(asked)) {
            http.load(server, "--connections 1 --messages 1");

            assertThat(asked)
                    .containsExactly(
                            "GET /path?a=b HTTP/1.1\r\nhost: 127.0.0.1:"
                                    + server.port()
                                    + "\r\nuser-agent: load-client\r\n\r\n");
        }
    }

    @Test
    void theAnswerToHeadHasNoBody() throws IOException {
        try (var server =
                ScriptedServer.playing(always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))) {
            assertGood(http.load(server, "--connections 2 --messages 3 --method HEAD"), 6);
        }
    }

    @Test
    void chunkedAnswersAreWhole() throws IOException {
        try (var server = ScriptedServer.playing(always(CHUNKED))) {
            assertGood(http.load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
        }
    }

    @Test
    void anAnswerMayComeByteByByte() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            while (!request(in).isEmpty()) {
                                for (char c : ok("Hello").toCharArray()) {
                                    say(out, String.valueOf(c));
                                }
                            }
                        })) {
            assertGood(http.load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
        }
    }

    @Test
    void interimAnswersAreNoAnswers() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        always("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("Hello")))) {
            assertGood(http.load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnectionIsWhole() throws IOException {
        try (var server = ScriptedServer.playing(once("HTTP/1.0 200 OK\r\n\r\nHello"))) {
            var load = http.load(server, "--connections 2 --messages 3 --expect-body Hello");

            assertGood(load, 6);
            assertThat(load.line("connections")).isEqualTo("connections  6 made, 0 failed");
        }
    }

    @Test
    void aConnectionThatTheServerAnnouncesToCloseIsReplaced() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        once(
                                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"
                                        + "Hello"))) {
            assertGood(http.load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
            assertThat(server.connections()).isEqualTo(6);
        }
    }

    @Test
    void withoutKeepAliveEachRequestHasItsConnection() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            if (request(in).contains("\r\nconnection: close\r\n")) {
                                say(out, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                            }
                        })) {
            assertGood(http.load(server, "--connections 2 --messages 3 --no-keep-alive"), 6);
            assertThat(server.connections()).isEqualTo(6);
        }
    }

    @Test
    void requestsAreAskedAheadOfTheirAnswers() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            var ahead = new ArrayList<String>();
                            while (true) {
                                for (int i = 0; i < 4; i++) {
                                    ahead.add(request(in)); // no answer before there are four
                                }
                                if (ahead.contains("")) {
                                    return;
                                }
                                say(out, ok("Hello").repeat(4));
                                ahead.clear();
                            }
                        })) {
            assertGood(http.load(server, "--connections 2 --messages 12 --pipeline 4"), 24);
        }
    }

    @Test
    void whatIsUnansweredOnAConnectionThatEndsIsAskedAgain() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            request(in);
                            say(out, CLOSING);
                            in.transferTo(OutputStream.nullOutputStream());
                        })) {
            assertGood(http.load(server, "--connections 1 --messages 6 --pipeline 3"), 6);
            assertThat(server.connections()).isEqualTo(6);
        }
    }

    @Test
    void theStatusThatIsExpectedIsRight() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        always("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))) {
            assertGood(http.load(server, "--connections 2 --messages 3 --expect-status 404"), 6);
            assertBad(
                    http.load(server, "--connections 1 --messages 2 --expect-status 200"),
                    2,
                    "message 0: expected status 200, got 404 Not Found");
        }
    }

    @Test
    void aRateHoldsInHttpToo() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello")))) {
            var load = http.load(server, "--connections 2 --messages 5 --rate 100 --pipeline 2");

            assertGood(load, 10);
            assertThat(load.line("latency")).endsWith(" from when each was due");
        }
    }

    @Test
    void repliesArePrinted() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello")))) {
            var load = http.load(server, "--connections 1 --messages 2 --print");

            assertThat(load.lines().stream().filter(line -> line.startsWith("[")))
                    .hasSize(2)
                    .allMatch(line -> line.matches("\\[\\d+] recv server 200, 5 bytes"));
        }
    }

    private static ScriptedServer recording(Queue<String> asked) throws IOException {
        return ScriptedServer.playing(
                (in, out) -> {
                    String request = request(in);
                    while (!request.isEmpty()) {
                        asked.add(request);
                        say(out, ok(""));
                        request = request(in);
                    }
                });
    }
}
