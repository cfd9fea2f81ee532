package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A listener whose backlog is full: who comes next gets no answer. */
final class FullBacklog implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, Caller.LOOPBACK);
    private final List<SocketChannel> waiting = new ArrayList<>();

    /** The kernel takes a few more than it is told to. */
    FullBacklog() throws IOException {
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
