package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * A connection of java.net, as a program without Weft would make it. {@link #close()} is for any
 * thread.
 */
final class SocketLink implements Link {
    private final Socket socket = new Socket();
    private final SocketAddress target;
    private final @Nullable InetAddress source;
    private final Duration timeout;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();

    SocketLink(SocketAddress target, @Nullable InetAddress source, Duration timeout) {
        this.target = target;
        this.source = source;
        this.timeout = timeout;
    }

    @Override
    public void connect() throws IOException {
        socket.setTcpNoDelay(true); // or small messages wait for the acknowledgement of the last
        if (source != null) {
            socket.setReuseAddress(true); // ports of an earlier run are still in TIME_WAIT
            socket.bind(new InetSocketAddress(source, 0));
        }
        socket.connect(target, (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis())));
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int length) throws IOException {
        if (in.readNBytes(bytes, offset, length) < length) {
            throw new EOFException("the server closed the connection");
        }
    }

    /** Also wakes the worker, wherever it waits here. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is lost: every reply was read before
        }
    }
}
