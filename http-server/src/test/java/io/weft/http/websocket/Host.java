package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.http.Handler;
import io.weft.http.server.HttpServer;
import io.weft.http.testing.Site;

import java.io.IOException;
import java.time.Duration;

/** A {@link Site} for WebSockets, and clients of it. */
final class Host implements AutoCloseable {
    static final Duration PATIENCE = Site.PATIENCE;

    final HttpServer server;
    private final Site site;

    /** Every request becomes a WebSocket for {@code handler}. */
    Host(WebSocketHandler handler) throws IOException {
        this(WebSocketSettings.DEFAULT, handler);
    }

    Host(WebSocketSettings settings, WebSocketHandler handler) throws IOException {
        this((Handler) (in, out) -> WebSocket.accept(in, out, settings, handler));
    }

    Host(Handler handler) throws IOException {
        site = new Site(handler);
        server = site.server;
    }

    int port() {
        return site.port();
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
        site.close();
    }
}
