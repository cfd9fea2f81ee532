package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.ManualClock;
import io.weft.net.Connection;

import org.junit.jupiter.api.Test;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;

/**
 * A client that is in the middle of its TLS handshake or PROXY header when the server stops, and
 * goes on, is served, however long ago it has come; one that has fallen silent is cut.
 */
class PrologueStopTest {
    private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n";

    /** Ten of them are longer than the moment that a connection may be silent, one is not. */
    private static final Duration PAUSE = StreamServer.LAST_CALL.dividedBy(8);

    private final ManualClock clock = new ManualClock();

    private static void serve(Connection connection) throws IOException {
        String word = connection.readLine(100);
        connection.write("served " + word);
    }

    /** A socket that sends its first message slowly, with the server's stop in the midst of it. */
    private final class SlowStart extends Socket {
        private final Served served;
        private final CompletableFuture<Boolean> stop;
        private boolean started;

        SlowStart(Served served, CompletableFuture<Boolean> stop) throws IOException {
            this.served = served;
            this.stop = stop;
            setSoTimeout((int) Served.PATIENCE.toMillis());
            setTcpNoDelay(true);
            connect(new InetSocketAddress("127.0.0.1", Served.port(served.server)));
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (started) {
                        out.write(bytes, offset, length);
                        return;
                    }
                    started = true;
                    int half = length / 2;
                    for (int i = 0; i < half; i++) {
                        out.write(bytes, offset + i, 1);
                        if (i % (half / 10) == 0) {
                            pause(served);
                        }
                    }
                    stopInBackground(served, stop);
                    clock.advance(PAUSE);
                    out.write(bytes, offset + half, length - half);
                }
            };
        }
    }

    /** Begins when the server has heard what was sent. */
    private void pause(Served served) {
        long now = clock.nanoTime();
        await().atMost(Served.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> served.server.prologues.areHeardSince(now));
        clock.advance(PAUSE);
    }

    private static void stopInBackground(Served served, CompletableFuture<Boolean> stop) {
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                stop.complete(served.server.stop(Served.LONG));
                            } catch (Throwable e) {
                                stop.completeExceptionally(e);
                            }
                        });
        await().atMost(Served.PATIENCE).until(served.server::isStopping);
    }

    @Test
    void handshakeThatMovesIsServed() throws Exception {
        var stop = new CompletableFuture<Boolean>();
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (var served =
                        new Served(
                                PrologueStopTest::serve,
                                builder -> builder.tls(Served.tls()),
                                clock.group(2));
                var plain = new SlowStart(served, stop);
                var socket = context.getSocketFactory().createSocket(plain, "localhost", 1, true)) {
            Served.send(socket, "me\n");
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("served me");
            assertThat(stop.get()).isTrue();
        }
    }

    @Test
    void headerThatMovesIsServed() throws Exception {
        var stop = new CompletableFuture<Boolean>();
        try (var served =
                        new Served(
                                PrologueStopTest::serve,
                                builder -> builder.proxyProtocol(_ -> true),
                                clock.group(2));
                var socket = new SlowStart(served, stop)) {
            socket.getOutputStream().write(HEADER.getBytes(StandardCharsets.US_ASCII));
            Served.send(socket, "me\n");
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("served me");
            assertThat(stop.get()).isTrue();
        }
    }

    @Test
    void silentOneIsCut() throws Exception {
        var stop = new CompletableFuture<Boolean>();
        try (var served =
                        new Served(
                                PrologueStopTest::serve,
                                builder -> builder.tls(Served.tls()),
                                clock.group(2));
                var socket = served.connect()) {
            Served.send(socket, "\u0016\u0003\u0001"); // a record begins
            served.awaitConnections(1);
            stopInBackground(served, stop);
            await().atMost(Served.PATIENCE) // it may be heard only now
                    .until(
                            () -> {
                                clock.advance(StreamServer.LAST_CALL);
                                return stop.isDone();
                            });
            assertThat(Served.receivedUpToTheCut(socket)).isEmpty();
            assertThat(stop.get()).isTrue();
        }
    }
}
