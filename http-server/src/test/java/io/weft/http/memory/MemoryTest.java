package io.weft.http.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Answer;
import io.weft.testing.ChildJvm;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a hundred clients can have a server keep for them fits into a heap of 128 MB and half as
 * much direct memory, whatever they send; others are served meanwhile.
 */
class MemoryTest {
    private static final int CONNECTIONS = 100;

    private static final byte[] HANDSHAKE =
            String.join(
                            "\r\n",
                            "GET /socket HTTP/1.1",
                            "Host: a",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            "",
                            "")
                    .getBytes(StandardCharsets.US_ASCII);

    /** Nothing was taken from anybody in so many rounds, in each of which another was served. */
    private static final int QUIET_ROUNDS = 5;

    private static @Nullable Process server;
    private static int port;

    @BeforeEach
    void start() throws IOException {
        if (server != null && server.isAlive()) {
            return; // what one attack has taken has to be there for the next
        }
        var command = new ArrayList<>(ChildJvm.command(SmallHeap.class));
        command.addAll(
                1,
                List.of("-Xmx128m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError"));
        server = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        port = Integer.parseInt(server.inputReader().readLine());
    }

    @AfterAll
    static void end() {
        server.destroyForcibly().onExit().join();
    }

    @ParameterizedTest
    @EnumSource
    void serverOutlives(Attack attack) throws IOException {
        ByteBuffer bytes = attack.bytes();
        List<Attacker> attackers = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                attackers.add(new Attacker(bytes.duplicate(), attack.overWebSocket));
            }
            for (int quiet = 0; quiet < QUIET_ROUNDS; ) {
                boolean progress = false;
                for (Attacker each : attackers) {
                    progress |= each.push();
                }
                quiet = progress ? 0 : quiet + 1;
                assertOthersAreServed();
            }
        } finally {
            for (Attacker each : attackers) {
                each.channel.close();
            }
        }
        assertOthersAreServed();
        assertThat(server.isAlive()).isTrue();
    }

    private static void assertOthersAreServed() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(Answer.read(socket.getInputStream(), false).body()).isEqualTo("served");
        }
    }

    /** One that sends as long as it is listened to, and reads nothing. */
    private static final class Attacker {
        private final SocketChannel channel;
        private final ByteBuffer bytes;
        private boolean refused;

        Attacker(ByteBuffer bytes, boolean overWebSocket) throws IOException {
            this.bytes = bytes;
            channel =
                    SocketChannel.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            if (overWebSocket) {
                channel.write(ByteBuffer.wrap(HANDSHAKE));
                assertThat(Answer.read(channel.socket().getInputStream(), true).status())
                        .isEqualTo(101);
            }
            channel.configureBlocking(false);
        }

        /** Whether anything was taken. */
        boolean push() {
            try {
                return !refused && bytes.hasRemaining() && channel.write(bytes) > 0;
            } catch (IOException e) {
                refused = true; // the server has closed it
                return false;
            }
        }
    }
}
