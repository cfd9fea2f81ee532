package io.weft.load;

import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;

/** A connection of Weft's, on the loop of the coroutine that uses it. Loop-confined. */
final class CoroutineLink implements Link {
    private final Dial dial;
    private @Nullable Connection connection;

    CoroutineLink(Dial dial) {
        this.dial = dial;
    }

    @Override
    public void connect() throws IOException {
        connection = dial.connect(null);
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
    public void abort() {
        if (connection != null) {
            connection.abort();
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
