package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.weft.Loop;
import io.weft.LoopGroup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;

/** Who connects, on a loop of its own, and the sockets that are there to be connected to. */
final class Caller implements AutoCloseable {
    static final Duration SHORT = Duration.ofMillis(200);
    static final Duration LONG = Duration.ofSeconds(30);
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final LoopGroup group = LoopGroup.create(1);
    final Loop loop = group.next();

    /** A connect that came to nothing has left nothing. */
    @Override
    public void close() {
        await().atMost(LONG).until(() -> loop.call(loop::coroutineCount) == 1);
        await().atMost(LONG).until(() -> loop.call(loop::timerCount) == 0);
        group.close();
    }

    Connection connect(SocketAddress address) throws Exception {
        return loop.call(() -> Connection.connect(address, LONG));
    }

    Connection connect(String address) throws Exception {
        return loop.call(() -> Connection.connect(address, LONG));
    }

    static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 10, LOOPBACK);
    }

    static ServerSocket listenOnSix() throws IOException {
        assumeThat(hasSix()).as("this machine has IPv6").isTrue();
        return new ServerSocket(0, 10, InetAddress.ofLiteral("::1"));
    }

    static boolean hasSix() {
        try (var listener = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return listener.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Has a port on which nobody listens, nor anybody else can, until it is closed. */
    static Socket nobody() throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(LOOPBACK, 0));
        return socket;
    }

    /** One byte comes through. */
    static void assertConnected(Connection client, ServerSocket listener) throws IOException {
        try (client;
                var peer = listener.accept()) {
            peer.getOutputStream().write('!');
            assertThat(client.read(10)).asString().isEqualTo("!");
            assertThat(client.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
            assertThat(client.localAddress()).isEqualTo(peer.getRemoteSocketAddress());
        }
    }
}
