package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A listener whose backlog is full: who comes next gets no answer. */
final class FullBacklog implements Closeable {
    private final ServerSocket listener;
    private final List<SocketChannel> waiting = new ArrayList<>();
    private final long own;

    FullBacklog() throws IOException {
        this(Caller.LOOPBACK);
    }

    /** The kernel takes a few more than it is told to. */
    FullBacklog(InetAddress address) throws IOException {
        listener = new ServerSocket(0, 1, address);
        fill();
        own = allWhoKnock();
    }

    private void fill() throws IOException {
        while (true) {
            var channel = SocketChannel.open();
            waiting.add(channel);
            channel.configureBlocking(false);
            channel.connect(listener.getLocalSocketAddress());
            if (!connects(channel)) {
                return;
            }
            assertThat(waiting).hasSizeLessThan(100);
        }
    }

    private static boolean connects(SocketChannel channel) throws IOException {
        try (var selector = Selector.open()) {
            var key = channel.register(selector, SelectionKey.OP_CONNECT);
            selector.select(Caller.SHORT.toMillis());
            key.cancel();
            return channel.finishConnect();
        }
    }

    SocketAddress address() {
        return listener.getLocalSocketAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many sockets wait for an answer of this port, as the kernel has it (proc_net_tcp(5)). */
    long knocking() throws IOException {
        return allWhoKnock() - own;
    }

    private long allWhoKnock() throws IOException {
        long count = 0;
        for (var table : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
            try (var lines = Files.lines(table)) {
                count +=
                        lines.map(line -> line.strip().split("[\\s:]+"))
                                // sl, local address and port, remote address and port, state
                                .filter(words -> words[4].equals("%04X".formatted(port())))
                                .filter(words -> words[5].equals("02")) // SYN_SENT
                                .count();
            }
        }
        return count;
    }

    void acceptAll() throws IOException {
        for (int i = 0; i < waiting.size() - 1; i++) {
            listener.accept().close();
        }
    }

    @Override
    public void close() throws IOException {
        for (var channel : waiting) {
            channel.close();
        }
        listener.close();
    }
}
