package io.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.testing.Backlog;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The command as a whole, in a process of its own, over real sockets. */
class EchoServerTest {
    @TempDir private Path folder;

    @Test
    void thousandLinesComeBackIntact() throws Exception {
        try (var server = EchoProcess.start(folder);
                var socket = server.connect()) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                lines.add("hello " + i + " " + "\u00e4\u6f22".repeat(i % 300));
            }
            var sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            EchoProcess.send(
                                                    socket, String.join("\n", lines) + "\n");
                                            socket.shutdownOutput();
                                        } catch (IOException e) {
                                            throw new AssertionError(e);
                                        }
                                    });
            var reader =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(reader.lines()).containsExactlyElementsOf(lines);
            sender.join();
            assertQuiet(server);
        }
    }

    @Test
    void manyConnectionsAtOnceGetTheirOwnAnswers() throws Exception {
        try (var server = EchoProcess.start(folder, "--loops", "2")) {
            var sockets = new ArrayList<Socket>();
            for (int i = 0; i < 100; i++) {
                sockets.add(server.connect());
            }
            var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
            for (int i = 0; i < 1_000; i++) {
                var socket = sockets.get(random.nextInt(sockets.size()));
                EchoProcess.assertEchoes(socket, words(random));
            }
            for (var socket : sockets) {
                socket.close();
            }
            assertQuiet(server);
        }
    }

    @Test
    void endOfInputIsAnsweredWithTheEndOfOutput() throws Exception {
        try (var server = EchoProcess.start(folder);
                var socket = server.connect()) {
            EchoProcess.send(socket, "the last word");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("the last word");
            assertQuiet(server);
        }
    }

    @Test
    void oneLineSaysWhereAndHowItListens() throws Exception {
        try (var server = EchoProcess.start(folder, "--loops", "3")) {
            assertThat(server.port()).isPositive();
            assertThat(server.loops()).isEqualTo(3);
            String transport = System.getProperty("weft.transport");
            assertThat(server.transport()).isEqualTo(transport == null ? "epoll" : transport);
            assertQuiet(server);
        }
    }

    @Test
    void verbosePrintsWhatIsReceived() throws Exception {
        try (var server = EchoProcess.start(folder, "--verbose");
                var socket = server.connect()) {
            EchoProcess.assertEchoes(socket, "hello 0");
            EchoProcess.assertEchoes(socket, "gr\u00fc\u00df dich");
            assertThat(server.output()).containsExactly("recv hello 0", "recv gr\u00fc\u00df dich");
            assertThat(server.errors()).isEmpty();
        }
    }

    @Test
    void idleConnectionIsClosedAfterTheTimeout() throws Exception {
        try (var server = EchoProcess.start(folder, "--idle-timeout", "2s", "--verbose");
                var socket = server.connect()) {
            EchoProcess.assertEchoes(socket, "hello");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(server.output())
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("nothing to read within PT2S: connection 127.0.0.1:");
            assertThat(server.errors()).isEmpty();
        }
    }

    @Test
    void idleConnectionIsClosedQuietlyUnlessVerbose() throws Exception {
        try (var server = EchoProcess.start(folder, "--idle-timeout", "100ms");
                var socket = server.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertQuiet(server);
        }
    }

    @Test
    void moreThanTheMostWait() throws Exception {
        try (var server = EchoProcess.start(folder, "--max-connections", "2")) {
            var first = server.connect();
            var second = server.connect();
            EchoProcess.assertEchoes(first, "first");
            EchoProcess.assertEchoes(second, "second");
            try (var third = server.connect()) {
                EchoProcess.send(third, "third");
                EchoProcess.assertEchoes(first, "first again");
                EchoProcess.assertEchoes(second, "second again");
                assertThat(third.getInputStream().available()).isZero();
                first.close();
                assertThat(EchoProcess.received(third, 5)).isEqualTo("third");
            }
            second.close();
            assertThat(server.output()).isEmpty();
            await("a line in the log")
                    .atMost(EchoProcess.PATIENCE)
                    .until(() -> !server.errors().isEmpty());
            assertThat(server.errors())
                    .singleElement()
                    .asString()
                    .contains("2 connections, and may have no more");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void backlogIsAsItWasTold() throws Exception {
        try (var server = EchoProcess.start(folder, "--backlog", "5")) {
            server.signal("STOP"); // so that nobody accepts
            assertThat(Backlog.fill(server.port(), 20)).isEqualTo(5 + 1); // Linux takes one more
        }
    }

    @Test
    void resetByAClientIsNoNews() throws Exception {
        try (var server = EchoProcess.start(folder)) {
            for (int i = 0; i < 50; i++) {
                var socket = server.connect();
                if (i % 2 == 0) {
                    EchoProcess.assertEchoes(socket, "hello");
                }
                EchoProcess.send(socket, "never read");
                socket.setSoLinger(true, 0); // close by RST
                socket.close();
            }
            try (var socket = server.connect()) {
                EchoProcess.assertEchoes(socket, "still here");
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertQuiet(server);
        }
    }

    @Test
    void secondServerOnThePortFailsWithOneLine() throws Exception {
        try (var server = EchoProcess.start(folder)) {
            var command = new ArrayList<>(ChildJvm.command(EchoServer.class));
            command.addAll(List.of("--host", "127.0.0.1", "--port", "" + server.port()));
            var second = new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                assertThat(second.getInputStream().readAllBytes())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualToNormalizingNewlines(
                                "echo-server: cannot listen on 127.0.0.1:"
                                        + server.port()
                                        + ": address already in use\n");
                assertThat(second.waitFor()).isOne();
            } finally {
                second.destroyForcibly();
            }
        }
    }

    private static String words(RandomGenerator random) {
        return "word ".repeat(1 + random.nextInt(2_000));
    }

    /** Nothing but the line that says that it listens. */
    static void assertQuiet(EchoProcess server) {
        assertThat(server.output()).isEmpty();
        assertThat(server.errors()).isEmpty();
    }
}
