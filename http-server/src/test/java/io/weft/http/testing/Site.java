package io.weft.http.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.server.HttpServer;
import io.weft.http.server.HttpServerBuilder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * One HTTP server on loops of its own, and plain sockets to talk to it, byte for byte. Closing it
 * checks that no connection, no coroutine and no timer stays behind. Used by the test's own thread.
 */
public final class Site implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A test that a busy machine holds up shall find its connection again. */
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);

    public final LoopGroup group;
    public final HttpServer server;

    /** On two loops. */
    public Site(Handler handler) throws IOException {
        this(handler, builder -> builder);
    }

    /** On two loops, with more to be said of the server. */
    public Site(Handler handler, UnaryOperator<HttpServerBuilder> settings) throws IOException {
        this(2, handler, settings);
    }

    public Site(int loops, Handler handler, UnaryOperator<HttpServerBuilder> settings)
            throws IOException {
        this(LoopGroup.create(loops), handler, settings);
    }

    /** On loops of a clock of the test's own; it closes them. */
    public Site(LoopGroup group, Handler handler, UnaryOperator<HttpServerBuilder> settings)
            throws IOException {
        this.group = group;
        try {
            var builder =
                    HttpServer.builder(handler)
                            .listen("127.0.0.1:0")
                            .group(group)
                            .limits(Limits.DEFAULT.keepAlive(KEEP_ALIVE));
            this.server = settings.apply(builder).bind();
        } catch (Throwable e) {
            group.close();
            throw e;
        }
    }

    public int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    public Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Sends {@code text}, one byte to a character. */
    public static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next answer to anything but HEAD. */
    public static Answer read(Socket socket) throws IOException {
        return Answer.read(socket.getInputStream(), false);
    }

    /** All that comes up to the end of the stream. */
    public static String readToTheEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Sends {@code request} on a connection of its own and returns the one answer. */
    public Answer ask(String request) throws IOException {
        try (var socket = connect()) {
            send(socket, request);
            return Answer.read(socket.getInputStream(), request.startsWith("HEAD "));
        }
    }

    /** As {@link #ask}, a GET with these more header lines, each with its end. */
    public Answer get(String target, String... headers) throws IOException {
        return ask(
                "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + String.join("", headers) + "\r\n");
    }

    /** Closes by RST: what is on its way is lost. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
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
