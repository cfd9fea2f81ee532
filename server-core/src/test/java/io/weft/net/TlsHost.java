package io.weft.net;

import io.weft.LoopGroup;
import io.weft.server.ConnectionHandler;
import io.weft.server.StreamServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TLS server on loopback and its clients, on two loops. Clients may call it by any host name.
 * Used by the test's own thread.
 */
final class TlsHost implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final LoopGroup group = LoopGroup.create(2);
    final StreamServer server;
    private final AtomicInteger handled = new AtomicInteger();

    TlsHost(Tls tls, ConnectionHandler handler) throws IOException {
        server =
                StreamServer.builder(
                                connection -> {
                                    handled.incrementAndGet();
                                    handler.handle(connection);
                                })
                        .listen("127.0.0.1:0")
                        .group(group)
                        .tls(tls)
                        .bind();
    }

    /** Sends back what comes, until the end. */
    static TlsHost echo(TlsBuilder tls) throws IOException {
        return new TlsHost(tls.build(), connection -> connection.transferTo(connection));
    }

    Connection connect(TlsBuilder tls, String host) throws Exception {
        return connect(new Connector().timeout(PATIENCE).tls(tls.build()), host);
    }

    Connection connect(Connector connector, String host) throws Exception {
        var address = InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1});
        return group.next().call(() -> connector.connect(new InetSocketAddress(address, port())));
    }

    /** A peer without TLS. */
    Socket connectPlainly() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    /** How many connections have come so far as to be handled. */
    int handled() {
        return handled.get();
    }

    @Override
    public void close() {
        server.close();
        group.close();
    }
}
