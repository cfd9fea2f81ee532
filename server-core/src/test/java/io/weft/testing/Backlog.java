package io.weft.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Connections that wait in the kernel while nobody accepts, as Linux tells it (proc(5):
 * /proc/net/tcp; of a listener, rx_queue is how many wait).
 */
public final class Backlog {
    /** In which nobody comes any more. */
    private static final Duration SETTLED = Duration.ofMillis(300);

    private Backlog() {}

    /** How many wait when so many have knocked at the port of this host. */
    public static int fill(int port, int connections) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var channels = new ArrayList<SocketChannel>();
        try {
            for (int i = 0; i < connections; i++) {
                channels.add(begin(address));
            }
            return settled(port);
        } finally {
            for (var channel : channels) {
                channel.close();
            }
        }
    }

    /** On loopback the kernel answers at once, but for a busy machine. */
    private static SocketChannel begin(SocketAddress address) throws IOException {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        return channel;
    }

    private static int settled(int port) {
        var last = new AtomicInteger(-1);
        await("who waits at port " + port)
                .during(SETTLED)
                .until(
                        () -> {
                            int now = waiting(port);
                            return last.getAndSet(now) == now;
                        });
        return last.get();
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
