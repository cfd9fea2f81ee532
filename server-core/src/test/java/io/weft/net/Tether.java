package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * One connection on a loop of its own, and at its other end a plain socket of the JDK's. Closing it
 * checks that no coroutine and no timer stays behind. Used by the test's own thread.
 */
final class Tether implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A writer that waits so long waits for the peer: the kernel takes what it takes in steps, and
     * between them may lie a retransmission's 200 ms.
     */
    static final Duration SETTLED = Duration.ofMillis(300);

    /** What the kernel shall hold for a peer that does not read, at most and about. */
    static final int SMALL_BUFFER = 16 * 1024;

    final LoopGroup group;
    final Loop loop;
    final Connection connection;
    final Socket peer;

    Tether() throws Exception {
        this(LoopGroup.create(1));
    }

    /** On the only loop of {@code group}, which ends with this. */
    Tether(LoopGroup group) throws Exception {
        this.group = group;
        this.loop = group.loops().getFirst();
        try (var listener = new ServerSocket()) {
            listener.setReceiveBufferSize(SMALL_BUFFER);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            this.connection = call(() -> new Connector().connect(listener.getLocalSocketAddress()));
            this.peer = listener.accept();
        }
        peer.setTcpNoDelay(true);
        peer.setSoTimeout((int) PATIENCE.toMillis());
    }

    /** Runs {@code body} in a coroutine of the connection's loop and waits for its value. */
    <T> T call(Callable<T> body) throws Exception {
        return loop.call(body);
    }

    /** Starts {@code body} in a coroutine of the connection's loop. */
    <T> Coroutine<T> spawn(Callable<T> body) {
        return loop.spawn(body);
    }

    void send(String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends, and waits until the connection has it and nobody has read it. */
    void sendAndSettle(String text) throws Exception {
        int before = call(connection::available);
        send(text);
        awaitAvailable(before + text.length());
    }

    void awaitAvailable(int bytes) {
        await().atMost(PATIENCE).until(() -> call(connection::available) == bytes);
    }

    /** What the peer reads next, so many bytes of it, or less if the connection ends. */
    String received(int bytes) throws IOException {
        return new String(peer.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    /** All that the peer reads up to the end of the stream. */
    String receivedToTheEnd() throws IOException {
        return new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The peer cuts the connection: what is on its way is lost. */
    void reset() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
    }

    /** Returns when a coroutine waits to read. */
    void awaitReader() {
        await("a reader that has to wait")
                .atMost(PATIENCE)
                .until(() -> call(connection.inbound.gate::isOccupied));
    }

    @Override
    public void close() throws IOException {
        peer.close();
        connection.close();
        if (loop.hasEnded()) {
            return;
        }
        try {
            await("the end of all coroutines and timers")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(connection.channel().isOpen()).isFalse();
                                assertThat(call(loop::coroutineCount)).isEqualTo(1);
                                assertThat(call(loop::timerCount)).isZero();
                            });
        } finally {
            group.close();
        }
    }
}
