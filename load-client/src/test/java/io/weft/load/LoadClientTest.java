package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** The whole command against servers of java.net, in both modes. */
@ParameterizedClass
@EnumSource(Mode.class)
class LoadClientTest {
    private final Mode mode;

    LoadClientTest(Mode mode) {
        this.mode = mode;
    }

    @Test
    void everyConnectionSendsItsNumberOfMessages() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load = load(server.port(), "--connections 7 --messages 11 --size 20");

            assertThat(load.exitCode()).isZero();
            assertThat(load.complaints()).isEmpty();
            assertThat(load.line("target"))
                    .isEqualTo(
                            "target       127.0.0.1:" + server.port() + ", " + mode + ", 20 bytes");
            assertThat(load.line("connections")).isEqualTo("connections  7 made, 0 failed");
            assertThat(load.line("messages")).startsWith("messages     77 in ");
            assertThat(load.line("bytes")).startsWith("bytes        1540 each way, ");
            assertThat(load.line("latency"))
                    .matches(
                            "latency      p50 [\\d.]+, p90 [\\d.]+, p99 [\\d.]+, p99.9 [\\d.]+, max"
                                    + " [\\d.]+ ms");
            assertThat(load.line("mismatches")).isEqualTo("mismatches   0");
            assertThat(load.lines()).hasSize(7);
            assertThat(server.connections()).isEqualTo(7);
            assertThat(server.received()).isEqualTo(1540);
        }
    }

    @Test
    void aDurationEndsTheRun() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load = load(server.port(), "--connections 3 --duration 2s");

            assertThat(load.exitCode()).isZero();
            assertThat(load.line("connections")).isEqualTo("connections  3 made, 0 failed");
            assertThat(server.received()).isPositive();
        }
    }

    @Test
    void aRateAndAConnectRateChangeNothingButTheTimes() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load =
                    load(
                            server.port(),
                            "--connections 5 --messages 4 --rate 200 --connect-rate 100");

            assertThat(load.exitCode()).isZero();
            assertThat(load.line("messages"))
                    .startsWith("messages     20 in ")
                    .endsWith(" of 200 asked for");
            assertThat(load.line("latency")).endsWith(" from when each was due");
        }
    }

    @Test
    void aRampAWarmUpAndTimeToThinkChangeNothingButTheTimes() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load =
                    load(
                            server.port(),
                            "--connections 5 --messages 4 --ramp 100ms --think 10ms --warmup"
                                    + " 50ms");

            assertThat(load.exitCode()).isZero();
            assertThat(load.line("messages")).startsWith("messages     20 in ");
            assertThat(load.line("connections")).isEqualTo("connections  5 made, 0 failed");
        }
    }

    @Test
    void aRunThatIsStoppedStillWritesItsPage(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.html");
        var stop = new AtomicReference<Runnable>();
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            out.write(in.readNBytes("hello 0".length()));
                            stop.get().run();
                            in.transferTo(java.io.OutputStream.nullOutputStream());
                        })) {
            var load =
                    Invocation.with(
                            "",
                            stop::set,
                            arguments(
                                    server.port(),
                                    "--connections 9 --duration 1h --ramp 10h --report " + page));

            assertThat(load.exitCode()).isEqualTo(130);
            assertThat(Files.readString(page))
                    .contains("<th>connections made</th><td>1</td>")
                    .contains("<b class=\"bad\">Interrupted after ");
        }
    }

    @Test
    void repliesArePrintedAsInTheNotes() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load = load(server.port(), "--connections 2 --messages 3 --print");

            var replies = load.lines().stream().filter(line -> line.startsWith("[")).toList();
            assertThat(replies)
                    .hasSize(6)
                    .allMatch(line -> line.matches("\\[\\d+] recv server hello [012]"));
            assertThat(replies.stream().map(line -> line.replaceAll("].*", "")).distinct())
                    .hasSize(2);
        }
    }

    @Test
    void aWrongReplyIsAMismatchAndExitCodeOne() throws IOException {
        try (var server = ScriptedServer.corrupting()) {
            var load = load(server.port(), "--connections 2 --messages 5");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.line("connections")).isEqualTo("connections  2 made, 0 failed");
            assertThat(load.line("mismatches")).isEqualTo("mismatches   10");
            assertThat(load.out()).contains("message 0: sent \"hello 0\", got \"hello 1\"");
        }
    }

    @Test
    void aClosedPortIsAFailureAndExitCodeOne() throws IOException {
        try (var nobody = ScriptedServer.nobody()) {
            var load = load(nobody.getLocalPort(), "--connections 3 --messages 5");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.complaints()).isEmpty();
            assertThat(load.line("connections")).isEqualTo("connections  0 made, 3 failed");
            assertThat(load.lines()).contains("             3: cannot connect: Connection refused");
            assertThat(load.line("latency")).isEqualTo("latency      no replies");
        }
    }

    @Test
    void aServerThatClosesInTheMiddleIsAFailure() throws IOException {
        try (var server = ScriptedServer.closingAfter(4)) {
            var load = load(server.port(), "--connections 3 --messages 5");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.line("connections")).isEqualTo("connections  3 made, 3 failed");
            assertThat(load.line("messages")).startsWith("messages     12 in ");
            assertThat(load.out()).contains("broke off: ");
        }
    }

    @Test
    void aServerThatNeverAnswersIsAFailure() throws IOException {
        try (var server = ScriptedServer.silent()) {
            var load = load(server.port(), "--connections 3 --messages 1 --timeout 1s");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.line("connections")).isEqualTo("connections  3 made, 3 failed");
            assertThat(load.lines()).contains("             3: no reply in time");
        }
    }

    @Test
    void aLargeMessageComesBackFromAServerThatEchoesAsItReads() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load = load(server.port(), "--connections 2 --messages 2 --size 10000000");

            assertThat(load.exitCode()).isZero();
            assertThat(load.line("bytes")).startsWith("bytes        40000000 each way, ");
        }
    }

    @Test
    void aRunThatIsStoppedStillReports(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.html");
        Path json = folder.resolve("figures.json");
        var stop = new AtomicReference<Runnable>();
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            out.write(in.readNBytes("hello 0".length()));
                            in.readNBytes("hello 1".length());
                            stop.get().run();
                            in.transferTo(
                                    java.io.OutputStream
                                            .nullOutputStream()); // and never answers again
                        })) {
            var load =
                    Invocation.with(
                            "",
                            stop::set,
                            arguments(
                                    server.port(),
                                    "--connections 1 --duration 1h --timeout 1h --report "
                                            + page
                                            + " --json "
                                            + json));

            assertThat(load.exitCode()).isEqualTo(130);
            assertThat(Files.readString(page))
                    .contains("Interrupted after ")
                    .contains("<th>sent and not answered</th><td><b class=\"bad\">1</b></td>")
                    .endsWith("</html>\n");
            assertThat(Files.readString(json))
                    .contains("\"interrupted\": true", "\"good\": false", "\"unanswered\": 1,");
            assertThat(load.line("result"))
                    .startsWith("result       interrupted after ")
                    .contains(" s, 1 not answered; until then every connection held");
            assertThat(load.line("connections")).isEqualTo("connections  1 made, 0 failed");
            assertThat(load.line("messages")).startsWith("messages     1 in ");
        }
    }

    @Test
    void aRunStoppedWhileItConnectsStillReports() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load =
                    Invocation.with(
                            "",
                            Runnable::run,
                            arguments(
                                    server.port(),
                                    "--connections 5 --connect-rate 1 --duration 1h"));

            assertThat(load.exitCode()).isEqualTo(130);
            assertThat(load.line("result")).startsWith("result       interrupted after 0.");
            assertThat(load.line("mismatches")).isEqualTo("mismatches   0");
        }
    }

    @Test
    void theFiguresAreWrittenAsJson(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("figures.json");
        try (var server = ScriptedServer.echo()) {
            load(server.port(), "--connections 2 --messages 5 --json " + file);
        }

        assertThat(Files.readString(file))
                .contains("\"mode\": \"" + mode + "\"")
                .contains("\"connections\": {\"asked\": 2, \"made\": 2, \"failed\": 0}")
                .contains("\"messages\": 10,", "\"bytes\": 70,", "\"mismatches\": 0,");
    }

    @Test
    void thePageIsDrawn(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("page.html");
        try (var server = ScriptedServer.echo()) {
            var load = load(server.port(), "--connections 2 --messages 5 --report " + file);

            assertThat(load.exitCode()).isZero();
            assertThat(Files.readString(file))
                    .contains("<title>Load on 127.0.0.1:" + server.port())
                    .contains("load-client 127.0.0.1:" + server.port() + " --mode " + mode)
                    .contains("Every connection held and every reply was right.");
        }
    }

    @Test
    void moreConnectionsThanTheServersBacklogAreAllMade() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var load = load(server.port(), "--connections 1500 --messages 2");

            assertThat(load.exitCode()).as(load.out()).isZero();
            assertThat(server.connections()).isEqualTo(1500);
        }
    }

    private Invocation load(int port, String options) {
        return Invocation.of(arguments(port, options));
    }

    private String[] arguments(int port, String options) {
        var common = Stream.of("127.0.0.1:" + port, "--mode", mode.toString());
        return Stream.concat(common, Stream.of(options.split(" "))).toArray(String[]::new);
    }
}
