package io.weft.load;

import io.netty.channel.ChannelOption;
import io.weft.net.Connection;
import io.weft.net.Connector;
import io.weft.net.Tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** How a coroutine connects. Immutable. */
record Dial(
        SocketAddress target, @Nullable Tls tls, @Nullable InetAddress source, Duration timeout) {

    /**
     * Connects, on the current loop.
     *
     * @param codec puts handlers on the connection; null for none
     */
    Connection connect(@Nullable Consumer<Connection> codec) throws IOException {
        var connector = new Connector().timeout(timeout).tls(tls).codec(codec);
        if (source != null) {
            connector.localAddress(new InetSocketAddress(source, 0));
            connector.option(
                    ChannelOption.SO_REUSEADDR,
                    true); // ports of an earlier run are still in TIME_WAIT
        }
        return connector.connect(target);
    }
}
