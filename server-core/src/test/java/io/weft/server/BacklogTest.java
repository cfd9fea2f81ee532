package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * How many connections wait in the kernel while nobody accepts, as Linux tells it (proc(5):
 * /proc/net/tcp; of a listener, rx_queue is how many wait). It takes one more than its limit.
 */
@EnabledOnOs(OS.LINUX)
class BacklogTest {
    private static final Path LIMIT = Path.of("/proc/sys/net/core/somaxconn");

    /** More than there is room for. */
    private static final int MORE = 10;

    @Test
    void as1024ByDefault() throws Exception {
        // not readString(): the kernel gives such a file in one piece, or its first byte alone
        int most = Integer.parseInt(Files.readAllLines(LIMIT).getFirst());
        assumeTrue(
                most >= 1024, "the system allows no more than " + most + ", as " + LIMIT + " says");
        assertThat(waitingWithBacklog(1024, builder -> builder)).isEqualTo(1024 + 1);
    }

    @Test
    void asManyAsTheServerWasTold() throws Exception {
        assertThat(waitingWithBacklog(5, builder -> builder.backlog(5))).isEqualTo(5 + 1);
    }

    private static int waitingWithBacklog(int backlog, UnaryOperator<ServerBuilder> settings)
            throws Exception {
        var channels = new ArrayList<SocketChannel>();
        try (var served = new Served(Served::swallow, settings)) {
            served.server.stopAccepting();
            MaxConnectionsTest.settle(served);
            int port = Served.port(served.server);
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try {
                for (int i = 0; i < backlog + 1 + MORE; i++) {
                    channels.add(begin(address));
                }
                return waiting(port);
            } finally {
                for (var channel : channels) {
                    channel.close();
                }
            }
        }
    }

    /** On loopback the kernel has answered, or not, when this returns. */
    private static SocketChannel begin(SocketAddress address) throws IOException {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        return channel;
    }

    private static int waiting(int port) throws IOException {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .filter(Files::exists)
                .flatMap(table -> lines(table).stream())
                .map(line -> line.strip().split("[\\s:]+"))
                // sl, local address and port, remote address and port, state, tx_queue, rx_queue
                .filter(words -> words[2].equals("%04X".formatted(port)) && words[5].equals("0A"))
                .mapToInt(words -> Integer.parseInt(words[7], 16))
                .sum();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
