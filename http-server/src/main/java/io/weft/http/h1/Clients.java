package io.weft.http.h1;

import io.weft.http.Exchange;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Tells who asks, and by which scheme, where a proxy may stand between. Any thread. */
public interface Clients {
    /** Believes nobody: the peer is who asks. */
    Clients DIRECT =
            new Clients() {
                @Override
                public SocketAddress address(Exchange exchange) {
                    return peer(exchange);
                }

                @Override
                public String scheme(Exchange exchange) {
                    return exchange.scheme();
                }
            };

    /** Who asks. */
    SocketAddress address(Exchange exchange);

    /** {@code http} or {@code https}, as the client sees it. */
    String scheme(Exchange exchange);

    /** The other end of the connection; a stand-in if it has gone already. */
    static SocketAddress peer(Exchange exchange) {
        SocketAddress remote = exchange.remoteAddress();
        return remote != null ? remote : InetSocketAddress.createUnresolved("unknown", 0);
    }
}
