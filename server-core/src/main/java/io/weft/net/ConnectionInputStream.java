package io.weft.net;

import java.io.IOException;
import java.io.InputStream;

/** A connection as a stream of bytes to read. */
final class ConnectionInputStream extends InputStream {
    private final Connection connection;
    private final byte[] one = new byte[1];

    ConnectionInputStream(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int read() throws IOException {
        return connection.read(one) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return connection.read(bytes, offset, length);
    }

    @Override
    public int available() {
        return connection.available();
    }

    @Override
    public void close() {
        connection.close();
    }
}
