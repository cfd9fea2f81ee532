package io.weft.http.h1;

import io.weft.net.Connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes a body in chunks (RFC 9112 section 7.1), straight into the connection's output. A large
 * piece becomes several, none of which is more than a reader would like to buffer. In the
 * connection's coroutine.
 */
final class Chunks {
    /** As much as the connection hands on at once. */
    private static final int MOST = 64 * 1024;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST = {'0', '\r', '\n'};
    private static final HexFormat HEX = HexFormat.of();

    private Chunks() {}

    static void write(Connection connection, byte[] bytes, int offset, int length)
            throws IOException {
        for (int done = 0; done < length; ) {
            int size = Math.min(MOST, length - done);
            begin(connection, size);
            connection.write(bytes, offset + done, size);
            end(connection);
            done += size;
        }
    }

    /** What comes before so many bytes. */
    static void begin(Connection connection, long size) throws IOException {
        String hex = HEX.toHexDigits(size);
        int zeros = Long.numberOfLeadingZeros(size) / 4;
        byte[] line = (hex.substring(zeros) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        connection.write(line);
    }

    /** What comes behind them. */
    static void end(Connection connection) throws IOException {
        connection.write(CRLF);
    }

    /** What comes behind all, but for trailers and the line that ends them. */
    static void last(Connection connection) throws IOException {
        connection.write(LAST);
    }
}
