package io.weft.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A server of java.net on a free port of 127.0.0.1 that does with each connection what its script
 * says. Any thread.
 */
final class ScriptedServer implements AutoCloseable {
    /** What happens on one connection; it is closed after it. */
    interface Script {
        void play(InputStream in, OutputStream out) throws IOException;
    }

    private static final int CHUNK = 1024; // as the course notes' recv

    private final ServerSocket listener;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Map<SocketAddress, InetAddress> peers = new ConcurrentHashMap<>();
    private final AtomicLong received = new AtomicLong();
    private final Script script;

    private ScriptedServer(int port, Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(port, 1024, InetAddress.getByName("127.0.0.1"));
        Thread.ofPlatform().daemon().name("scripted-server").start(this::accept);
    }

    static ScriptedServer playing(Script script) throws IOException {
        return playing(0, script);
    }

    /** On a port that another one has had. */
    static ScriptedServer playing(int port, Script script) throws IOException {
        return new ScriptedServer(port, script);
    }

    /** Sends back what comes. */
    static ScriptedServer echo() throws IOException {
        return echo(_ -> {});
    }

    /** Sends back what comes, but for one bit in the last byte of each chunk. */
    static ScriptedServer corrupting() throws IOException {
        return echo(chunk -> chunk[chunk.length - 1] ^= 1);
    }

    private static ScriptedServer echo(Consumer<byte[]> change) throws IOException {
        return playing(
                (in, out) -> {
                    byte[] chunk = next(in);
                    while (chunk.length > 0) {
                        change.accept(chunk);
                        out.write(chunk);
                        chunk = next(in);
                    }
                });
    }

    /** Sends back what comes, so many chunks of it; then closes. */
    static ScriptedServer closingAfter(int chunks) throws IOException {
        return playing(
                (in, out) -> {
                    for (int i = 0; i < chunks; i++) {
                        out.write(next(in));
                    }
                });
    }

    /** Takes what comes and says nothing. */
    static ScriptedServer silent() throws IOException {
        return playing((in, _) -> in.transferTo(OutputStream.nullOutputStream()));
    }

    private static byte[] next(InputStream in) throws IOException {
        var chunk = new byte[CHUNK];
        int n = in.read(chunk);
        return Arrays.copyOf(chunk, Math.max(0, n));
    }

    /** Has a port on which nobody listens, nor anybody else can, until it is closed. */
    static Socket nobody() throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0.1", 0));
        return socket;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                peers.put(socket.getRemoteSocketAddress(), socket.getInetAddress());
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.play(new Counting(socket.getInputStream()), socket.getOutputStream());
        } catch (IOException e) {
            // the client has gone: its business
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    SocketAddress address() {
        return listener.getLocalSocketAddress();
    }

    int connections() {
        return peers.size();
    }

    /** Bytes read on all connections. */
    long received() {
        return received.get();
    }

    /** Where connections came from. */
    Iterable<InetAddress> sources() {
        return peers.values();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            received.addAndGet(Math.max(0, n));
            return n;
        }
    }
}
