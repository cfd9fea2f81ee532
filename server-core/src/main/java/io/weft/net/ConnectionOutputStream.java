package io.weft.net;

import java.io.IOException;
import java.io.OutputStream;

/** A connection as a stream of bytes to write. */
final class ConnectionOutputStream extends OutputStream {
    private final Connection connection;
    private final byte[] one = new byte[1];

    ConnectionOutputStream(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void write(int b) throws IOException {
        one[0] = (byte) b;
        connection.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        connection.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        connection.flush();
    }

    @Override
    public void close() {
        connection.close();
    }
}
