package io.weft.load;

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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The command against servers that speak HTTP well, or badly, in both modes. */
@ParameterizedClass
@EnumSource(Mode.class)
class HttpTest {
    private static final String[] NONE = {};
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

    HttpTest(Mode mode) {
        this.mode = mode;
    }

    @Test
    void everyConnectionAsksItsNumberOfTimes() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello")))) {
            var load = load(server, "--connections 7 --messages 11 --expect-body Hello");

            assertThat(load.exitCode()).as(load.out()).isZero();
            assertThat(load.err()).isEmpty();
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
            load(
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
            load(server, "--connections 1 --messages 1");

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
            good(load(server, "--connections 2 --messages 3 --method HEAD"), 6);
        }
    }

    @Test
    void chunkedAnswersAreWhole() throws IOException {
        try (var server = ScriptedServer.playing(always(CHUNKED))) {
            good(load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
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
            good(load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
        }
    }

    @Test
    void interimAnswersAreNoAnswers() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        always("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("Hello")))) {
            good(load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnectionIsWhole() throws IOException {
        try (var server = ScriptedServer.playing(once("HTTP/1.0 200 OK\r\n\r\nHello"))) {
            var load = load(server, "--connections 2 --messages 3 --expect-body Hello");

            good(load, 6);
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
            good(load(server, "--connections 2 --messages 3 --expect-body Hello"), 6);
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
            good(load(server, "--connections 2 --messages 3 --no-keep-alive"), 6);
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
            good(load(server, "--connections 2 --messages 12 --pipeline 4"), 24);
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
            good(load(server, "--connections 1 --messages 6 --pipeline 3"), 6);
            assertThat(server.connections()).isEqualTo(6);
        }
    }

    @Test
    void aWrongStatusIsAMismatch() throws IOException {
        try (var server =
                ScriptedServer.playing(always("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"))) {
            var load = load(server, "--connections 2 --messages 3");

            bad(load, 6, "message 0: expected status 2xx or 3xx, got 503 Busy");
        }
    }

    @Test
    void theStatusThatIsExpectedIsRight() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        always("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))) {
            good(load(server, "--connections 2 --messages 3 --expect-status 404"), 6);
            bad(
                    load(server, "--connections 1 --messages 2 --expect-status 200"),
                    2,
                    "message 0: expected status 200, got 404 Not Found");
        }
    }

    @Test
    void aWrongBodyIsAMismatch() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hallo")))) {
            bad(
                    load(server, "--connections 1 --messages 2 --expect-body Hello"),
                    2,
                    "message 0: expected body \"Hello\", got \"Hallo\"");
            bad(
                    load(server, "--connections 1 --messages 2 --expect-body Hallo!"),
                    2,
                    "message 0: expected a body of 6 bytes, got 5");
            bad(
                    load(server, "--connections 1 --messages 2 --expect-body Hall"),
                    2,
                    "message 0: expected body \"Hall\", got \"Hallo\"");
        }
    }

    @Test
    void aServerThatClosesInsteadOfAnsweringIsAFailure() throws IOException {
        try (var server = ScriptedServer.playing((in, _) -> request(in))) {
            broken(
                    load(server, "--connections 2 --messages 3"),
                    "2: broke off: the server closed the connection");
        }
    }

    @Test
    void aServerThatClosesInTheMiddleOfAnAnswerIsAFailure() throws IOException {
        for (String half :
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHel",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHel")) {
            try (var server = ScriptedServer.playing(once(half))) {
                broken(
                        load(server, "--connections 2 --messages 3"),
                        "2: broke off: the server closed the connection in the middle of an"
                                + " answer");
            }
        }
    }

    @Test
    void aServerThatSpeaksNoHttpIsAFailure() throws IOException {
        try (var server = ScriptedServer.playing(always("hello 0\r\n\r\n"))) {
            broken(
                    load(server, "--connections 2 --messages 3"),
                    "2: broke off: the answer is no HTTP: ");
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsAFailure() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello").repeat(2)))) {
            broken(
                    load(server, "--connections 1 --messages 1000"),
                    "1: broke off: an answer came that nobody had asked for");
        }
    }

    @Test
    void aServerThatNeverAnswersIsAFailure() throws IOException {
        try (var server = ScriptedServer.silent()) {
            broken(
                    load(server, "--connections 2 --messages 3 --timeout 1s"),
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
            broken(
                    load(server, "--connections 1 --messages 3 --timeout 1s --body @" + body),
                    "1: no reply in time");
        } finally {
            over.countDown();
        }
    }

    @Test
    void aRateHoldsInHttpToo() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello")))) {
            var load = load(server, "--connections 2 --messages 5 --rate 100 --pipeline 2");

            good(load, 10);
            assertThat(load.line("latency")).endsWith(" from when each was due");
        }
    }

    @Test
    void repliesArePrinted() throws IOException {
        try (var server = ScriptedServer.playing(always(ok("Hello")))) {
            var load = load(server, "--connections 1 --messages 2 --print");

            assertThat(load.lines().stream().filter(line -> line.startsWith("[")))
                    .hasSize(2)
                    .allMatch(line -> line.matches("\\[\\d+] recv server 200, 5 bytes"));
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
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

    private static void good(Invocation load, int answers) {
        assertThat(load.exitCode()).as(load.out() + load.err()).isZero();
        assertThat(load.line("messages")).startsWith("messages     " + answers + " in ");
        assertThat(load.line("mismatches")).isEqualTo("mismatches   0");
    }

    private static void bad(Invocation load, int mismatches, String first) {
        assertThat(load.exitCode()).isEqualTo(1);
        assertThat(load.line("mismatches")).isEqualTo("mismatches   " + mismatches);
        assertThat(load.out()).contains(", " + first);
    }

    private static void broken(Invocation load, String reason) {
        assertThat(load.exitCode()).as(load.err()).isEqualTo(1);
        assertThat(load.out()).contains("             " + reason);
    }

    private Invocation load(ScriptedServer server, String options) {
        return load(server, options, NONE);
    }

    private Invocation load(ScriptedServer server, String options, String... more) {
        var common = Stream.of(url(server), "--mode", mode.toString());
        var all = Stream.concat(common, Stream.of(options.split(" ")));
        return Invocation.of(Stream.concat(all, Stream.of(more)).toArray(String[]::new));
    }

    private static String url(ScriptedServer server) {
        return "http://127.0.0.1:" + server.port() + "/path?a=b";
    }
}
