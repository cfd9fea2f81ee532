package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.http.Handler;
import io.weft.http.server.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One server on two loops of its own. Closing it checks that no connection, no coroutine and no
 * timer stays behind. Used by the test's own thread.
 */
final class Host implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final LoopGroup group = LoopGroup.create(2);
    final HttpServer server;

    /** Every request becomes a WebSocket for {@code handler}. */
    Host(WebSocketHandler handler) throws IOException {
        this(WebSocketSettings.DEFAULT, handler);
    }

    Host(WebSocketSettings settings, WebSocketHandler handler) throws IOException {
        this((Handler) (in, out) -> WebSocket.accept(in, out, settings, handler));
    }

    Host(Handler handler) throws IOException {
        server = HttpServer.builder(handler).listen("127.0.0.1:0").group(group).bind();
    }

    int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    /** A client that has not asked for anything yet. */
    Client connect() throws IOException {
        return new Client(port());
    }

    /** A client that has had its handshake. */
    Client open(String... headers) throws IOException {
        var client = connect();
        assertThat(client.handshake(headers)).startsWith("HTTP/1.1 101 ");
        return client;
    }

    void awaitConnections(int count) {
        await(count + " connections")
                .atMost(PATIENCE)
                .until(() -> server.connectionCount() == count);
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
