package io.weft.load;

import io.netty.channel.ChannelOption;
import io.weft.net.Connection;
import io.weft.net.Connector;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;

/** A connection of Weft's, on the loop of the coroutine that uses it. Loop-confined. */
final class CoroutineLink implements Link {
    private final SocketAddress target;
    private final @Nullable InetAddress source;
    private final Duration timeout;
    private @Nullable Connection connection;

    CoroutineLink(SocketAddress target, @Nullable InetAddress source, Duration timeout) {
        this.target = target;
        this.source = source;
        this.timeout = timeout;
    }

    @Override
    public void connect() throws IOException {
        var connector = new Connector().timeout(timeout);
        if (source != null) {
            connector.localAddress(new InetSocketAddress(source, 0));
            connector.option(
                    ChannelOption.SO_REUSEADDR,
                    true); // ports of an earlier run are still in TIME_WAIT
        }
        connection = connector.connect(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        connected().write(bytes, offset, length);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int length) throws IOException {
        try {
            connected().readExactly(bytes, offset, length);
        } catch (EOFException e) {
            var closed = new EOFException("the server closed the connection");
            closed.addSuppressed(e);
            throw closed;
        }
    }

    private Connection connected() throws IOException {
        if (connection == null) {
            throw new SocketException("not connected");
        }
        return connection;
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
