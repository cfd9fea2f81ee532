package io.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.server.StreamServer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The examples compile without a warning, and do what their heads say. */
class ExamplesTest {
    private static final String ANY_PORT = "127.0.0.1:0";

    @TempDir private Path classes;

    /** A line-wise talk with a server. */
    private static final class Talk implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Talk(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        String hear() throws IOException {
            return lines.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void echo() throws Exception {
        try (var example = Example.run(classes, "Echo", ANY_PORT);
                var talk = new Talk(example.port())) {
            talk.say("hello");
            assertThat(talk.hear()).isEqualTo("hello");
        }
    }

    @Test
    void telnetHello() throws Exception {
        try (var example = Example.run(classes, "TelnetHello", ANY_PORT);
                var talk = new Talk(example.port())) {
            assertThat(talk.lines.lines())
                    .containsExactly("Hello from a telnet!", "0", "1", "2", "3", "4");
        }
    }

    @Test
    void visitorsAreCounted() throws Exception {
        try (var example = Example.run(classes, "VisitorCount", "--port", "0");
                var first = new Talk(example.port());
                var second = new Talk(example.port())) {
            assertThat(List.of(first.hear(), second.hear()))
                    .containsExactlyInAnyOrder("You are visitor 1", "You are visitor 2");
        }
    }

    /** The first port of the range is taken, and Redis is played. */
    @Test
    void visitorsAreCountedInRedisOnAPortThatIsFree() throws Exception {
        var visits = new AtomicInteger(41);
        try (var redis =
                        StreamServer.bind(
                                ANY_PORT,
                                connection -> {
                                    assertThat(connection.readLine(100))
                                            .isEqualTo("INCR weft:visits");
                                    connection.write(":" + visits.incrementAndGet() + "\r\n");
                                });
                var example =
                        Example.run(
                                classes,
                                "VisitorCount",
                                "--ports=" + portOf(redis) + "-65535",
                                "--redis=127.0.0.1:" + portOf(redis));
                var talk = new Talk(example.port())) {
            assertThat(example.port()).isGreaterThan(portOf(redis));
            assertThat(talk.hear()).isEqualTo("You are visitor 42");
        }
    }

    private static int portOf(StreamServer server) {
        return ((InetSocketAddress) server.address()).getPort();
    }

    @Test
    void portForwarder() throws Exception {
        try (var echo =
                        StreamServer.bind(
                                ANY_PORT, connection -> connection.transferTo(connection));
                var example =
                        Example.run(
                                classes, "PortForwarder", ANY_PORT, "127.0.0.1:" + portOf(echo));
                var talk = new Talk(example.port())) {
            talk.say("through");
            talk.socket.shutdownOutput();
            assertThat(talk.lines.lines()).containsExactly("through");
        }
    }

    @Test
    void udpEcho() throws Exception {
        try (var example = Example.run(classes, "UdpEcho", ANY_PORT);
                var socket = new DatagramSocket()) {
            byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
            socket.send(
                    new DatagramPacket(hello, 5, InetAddress.getLoopbackAddress(), example.port()));
            var answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo("Received 5 bytes\n");
        }
    }

    @Test
    void chat() throws Exception {
        try (var example = Example.run(classes, "Chat", ANY_PORT);
                var ann = new Talk(example.port());
                var bob = new Talk(example.port())) {
            assertThat(ann.hear()).isEqualTo("Your name?");
            ann.say("ann");
            assertThat(bob.hear()).isEqualTo("Your name?");
            // who came first is known only when she hears of the second
            Awaitility.await()
                    .until(
                            () -> {
                                try (var probe = new Talk(example.port())) {
                                    probe.hear();
                                    probe.say("ann");
                                    return "That name cannot be had.".equals(probe.hear());
                                }
                            });
            bob.say("bob");
            assertThat(hearPast(ann, "* ann")).isEqualTo("* bob comes in");
            bob.say("hi");
            assertThat(ann.hear()).isEqualTo("bob: hi");
            ann.say("hello bob");
            assertThat(bob.hear()).isEqualTo("ann: hello bob");
            bob.socket.shutdownOutput();
            assertThat(ann.hear()).isEqualTo("* bob has left");
        }
    }

    private static String hearPast(Talk talk, String start) throws IOException {
        String line;
        do {
            line = talk.hear();
        } while (line.startsWith(start));
        return line;
    }

    @Test
    void producerConsumer() throws Exception {
        try (var example = Example.run(classes, "ProducerConsumer")) {
            var lines = example.lines();
            assertThat(lines).hasSize(12);
            assertThat(lines.stream().filter(line -> line.contains("got task"))).hasSize(9);
            assertThat(Collections.frequency(lines, "Quitting time!")).isEqualTo(3);
        }
    }

    @Test
    void actors() throws Exception {
        try (var example = Example.run(classes, "Actors")) {
            assertThat(example.lines())
                    .containsExactly("start", "ping", "pong", "ping", "pong", "ping", "pong");
        }
    }

    @Test
    void concurrentDownload() throws Exception {
        try (var server =
                StreamServer.bind(
                        ANY_PORT,
                        connection -> {
                            connection.readUntil(new byte[] {'\r', '\n', '\r', '\n'}, 8192);
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                        })) {
            String url =
                    "http://127.0.0.1:" + ((InetSocketAddress) server.address()).getPort() + "/";
            try (var example = Example.run(classes, "ConcurrentDownload", url + "a", url + "b")) {
                assertThat(example.lines())
                        .containsExactlyInAnyOrder(url + "a: 5 bytes", url + "b: 5 bytes");
            }
        }
    }

    @Test
    void concurrentDownloadSaysWhereNobodyAnswers() throws Exception {
        try (var nobody = new Socket()) { // who has a port, and does not listen
            nobody.bind(new InetSocketAddress("127.0.0.1", 0));
            String url = "http://127.0.0.1:" + nobody.getLocalPort() + "/";
            try (var example = Example.run(classes, "ConcurrentDownload", url, "nowhere")) {
                assertThat(example.lines())
                        .containsExactlyInAnyOrder(
                                url + ": nobody answers there",
                                "nowhere: URI with undefined scheme");
            }
        }
    }

    @Test
    void dnsMassResolve() throws Exception {
        try (var example = Example.run(classes, "DnsMassResolve", "localhost", "127.0.0.9")) {
            assertThat(example.lines())
                    .hasSize(2)
                    .contains("127.0.0.9 = 127.0.0.9")
                    .anySatisfy(line -> assertThat(line).startsWith("localhost = "));
        }
    }

    @Test
    void subprocessCron() throws Exception {
        try (var example = Example.run(classes, "SubprocessCron")) {
            var lines = example.lines();
            assertThat(lines).contains("cron").last().isNotEqualTo("cron");
            assertThat(Collections.frequency(lines, "cron")).isGreaterThan(1);
        }
    }

    @Test
    void workersInPython() throws Exception {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeThat(path.split(File.pathSeparator))
                .as("folders of the PATH, one of which has python3")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        try (var example = Example.run(classes, "Workers", "python")) {
            assertThat(example.lines()).containsExactly("Python: WARP", "Python: WEFT");
        }
    }

    @Test
    void workersInJava() throws Exception {
        try (var example = Example.run(classes, "Workers", "java")) {
            assertThat(example.lines()).containsExactly("Java: WARP", "Java: WEFT");
        }
    }

    @Test
    void cpuWork() throws Exception {
        try (var example = Example.run(classes, "CpuWork")) {
            assertThat(example.lines()).contains("5736 digits", "9131 digits", "12674 digits");
        }
    }

    /** That it does what it says is shown beside a Redis server, where there is one. */
    @Test
    void redisQueueCompiles() {
        Example.compile(classes, "RedisQueue");
    }
}
