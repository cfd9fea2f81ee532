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
    private final SocketAddress target;
    private final @Nullable Security security;
    private final @Nullable InetAddress source;
    private final Duration timeout;
    private volatile Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();

    SocketLink(
            SocketAddress target,
            @Nullable Security security,
            @Nullable InetAddress source,
            Duration timeout) {
        this.target = target;
        this.security = security;
        this.source = source;
        this.timeout = timeout;
    }

    @Override
    public void connect() throws IOException {
        var made = new Socket();
        socket = made;
        made.setTcpNoDelay(true); // or small messages wait for the acknowledgement of the last
        if (source != null) {
            made.setReuseAddress(true); // ports of an earlier run are still in TIME_WAIT
            made.bind(new InetSocketAddress(source, 0));
        }
        made.connect(target, millis());
        Socket used = made;
        if (security != null) {
            made.setSoTimeout(millis()); // the limit on connecting is one on the handshake too
            used = security.protect(made, target);
            made.setSoTimeout(0);
        }
        in = used.getInputStream();
        out = used.getOutputStream();
    }

    private int millis() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }

    /** Limits reads as connecting is, until this is called again with 0. */
    void limitReads() throws IOException {
        limitReads(millis());
    }

    /** Limits each read; 0 for no limit. */
    void limitReads(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    /** How many bytes have come; -1 at the end. */
    int read(byte[] bytes) throws IOException {
        return in.read(bytes);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int length) throws IOException {
        if (in.readNBytes(bytes, offset, length) < length) {
            throw new EOFException("the server closed the connection");
        }
    }

    @Override
    public void abort() {
        close();
    }

    /** Also wakes the worker, wherever it waits here: under TLS only the socket itself does so. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is lost: every reply was read before
        }
    }
}
