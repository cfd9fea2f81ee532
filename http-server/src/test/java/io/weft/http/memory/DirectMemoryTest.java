package io.weft.http.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.http.testing.Answer;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that has far too little direct memory for its clients loses some of them, says so in one
 * line, and serves again when they have gone.
 */
class DirectMemoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 100;
    private static final int ROUNDS = 20;

    private static final String LOGGING =
            """
            <configuration>
              <appender name="err" class="ch.qos.logback.core.ConsoleAppender">
                <target>System.err</target>
                <encoder><pattern>%level %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="err"/></root>
            </configuration>
            """;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"BODY", "STREAMS_UNREAD"})
    void serverOutlivesItsWant(Attack attack) throws Exception {
        Path errors = folder.resolve("errors");
        Path logging = Files.writeString(folder.resolve("logback.xml"), LOGGING);
        var command = new ArrayList<>(ChildJvm.command(SmallHeap.class));
        command.addAll(
                1,
                List.of(
                        "-Xmx128m",
                        "-XX:ActiveProcessorCount=2", // each loop has buffers of its own
                        "-XX:MaxDirectMemorySize=2m",
                        "-Dlogback.configurationFile=" + logging));
        Instant began = Instant.now();
        Process server =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
                        .start();
        try {
            int port = Integer.parseInt(server.inputReader().readLine());
            assertThat(isServed(port, PATIENCE)).isTrue();
            List<SocketChannel> attackers = new ArrayList<>();
            ByteBuffer bytes = attack.bytes();
            for (int i = 0; i < CONNECTIONS; i++) {
                var channel =
                        SocketChannel.open(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
                attackers.add(channel);
            }
            List<ByteBuffer> left = attackers.stream().map(each -> bytes.duplicate()).toList();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    push(attackers.get(i), left.get(i));
                }
                isServed(port, Duration.ofSeconds(5)); // or not
            }
            for (SocketChannel each : attackers) {
                each.close();
            }
            await().atMost(PATIENCE).until(() -> isServed(port, PATIENCE));
            for (int i = 0; i < 100; i++) {
                assertThat(isServed(port, PATIENCE)).isTrue();
            }
            assertThat(server.isAlive()).isTrue();
        } finally {
            server.destroyForcibly().onExit().join();
        }
        long minutes = Duration.between(began, Instant.now()).toMinutes();
        assertThat(Files.readAllLines(errors).stream().filter(line -> line.startsWith("ERROR ")))
                .hasSizeBetween(1, 1 + (int) minutes) // one a minute
                .allMatch(line -> line.startsWith("ERROR direct memory has run out"));
    }

    private static void push(SocketChannel channel, ByteBuffer bytes) {
        try {
            channel.write(bytes);
        } catch (IOException e) {
            bytes.position(bytes.limit()); // the server has closed it
        }
    }

    private static boolean isServed(int port, Duration patience) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) patience.toMillis());
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return Answer.read(socket.getInputStream(), false).body().equals("served");
        } catch (IOException e) {
            return false;
        }
    }
}
