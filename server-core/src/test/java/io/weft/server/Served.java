package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.net.Certificates;
import io.weft.net.Connection;
import io.weft.net.Tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * One server on two loops of its own, and plain sockets of the JDK's to talk to it. Closing it
 * checks that no connection, no coroutine and no timer stays behind. Used by the test's own thread.
 */
final class Served implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Long enough to be sure, in a test that sees to it that it does not pass. */
    static final Duration LONG = Duration.ofMinutes(5);

    /** Has passed as soon as it has begun. */
    static final Duration MOMENT = Duration.ofMillis(20);

    final LoopGroup group;
    final StreamServer server;
    private final AtomicInteger begun = new AtomicInteger();

    Served(ConnectionHandler handler) throws IOException {
        this(handler, builder -> builder);
    }

    Served(ConnectionHandler handler, UnaryOperator<ServerBuilder> settings) throws IOException {
        this(handler, settings, LoopGroup.create(2));
    }

    /** On loops of a clock of the test's own; it closes them. */
    Served(ConnectionHandler handler, UnaryOperator<ServerBuilder> settings, LoopGroup group)
            throws IOException {
        this.group = group;
        try {
            var builder =
                    StreamServer.builder(
                                    connection -> {
                                        begun.incrementAndGet();
                                        handler.handle(connection);
                                    })
                            .listen("127.0.0.1:0")
                            .group(group);
            this.server = settings.apply(builder).bind();
        } catch (Throwable e) {
            group.close();
            throw e;
        }
    }

    /** A server's TLS, as localhost. */
    static Tls tls() {
        try {
            return Certificates.localhost(Tls.server()).build();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A handler: sends back what it receives. */
    static void echo(Connection connection) throws IOException {
        for (byte[] data; (data = connection.read(1024)) != null; ) {
            connection.write(data);
        }
    }

    /** A handler: reads to the end and says nothing. */
    static void swallow(Connection connection) throws IOException {
        while (connection.read(1024) != null) {}
    }

    Socket connect() throws IOException {
        return connect(port(server));
    }

    static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    static int port(StreamServer server) {
        return ((InetSocketAddress) server.address()).getPort();
    }

    /** Says it, and returns so many characters of the answer. */
    static String ask(Socket socket, String text) throws IOException {
        send(socket, text);
        return received(socket, text.length());
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    static String received(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    /** All that comes up to the end of the stream. */
    static String receivedToTheEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** All that comes up to the end of the stream, or to a reset in its place. */
    static byte[] receivedUpToTheCut(Socket socket) throws IOException {
        var received = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(received);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return received.toByteArray();
    }

    /** Closes by RST: what is on its way is lost. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void awaitConnections(int count) {
        await(count + " connections")
                .atMost(PATIENCE)
                .until(() -> server.connectionCount() == count);
    }

    /** Until so many connections have, or had, a handler that runs. */
    void awaitHandlers(int count) {
        await(count + " handlers").atMost(PATIENCE).until(() -> begun.get() == count);
    }

    @Override
    public void close() {
        server.close();
        try {
            await("the end of all connections, coroutines and timers")
                    .atMost(PATIENCE)
                    .untilAsserted(this::assertNothingLeft);
        } finally {
            group.close();
        }
    }

    private void assertNothingLeft() throws Exception {
        assertThat(server.connectionCount()).isZero();
        for (var loop : group.loops()) {
            assertThat(loop.call(loop::coroutines)).hasSize(1); // this call's own
            assertThat(loop.<Integer>call(loop::timerCount)).isZero();
        }
    }
}
