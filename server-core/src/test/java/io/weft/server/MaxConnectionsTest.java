package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Loop;
import io.weft.Weft;
import io.weft.net.Connection;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A full server accepts no more; who comes then waits, and is served when there is room. */
class MaxConnectionsTest {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();

    @Test
    void nextOneIsServedWhenAPlaceIsFree() throws Exception {
        try (var served = new Served(Served::echo, builder -> builder.maxConnections(1));
                var first = served.connect();
                var second = served.connect()) {
            assertThat(Served.ask(first, "first")).isEqualTo("first");
            Served.send(second, "second");
            assertThat(served.server.connectionCount()).isOne();
            assertThat(Served.ask(first, "still")).isEqualTo("still");
            assertThat(second.getInputStream().available()).isZero();
            first.shutdownOutput();
            assertThat(Served.received(second, 6)).isEqualTo("second");
        }
    }

    /** What it holds is held until it ends; hundreds like it would be more than there may be. */
    @Test
    void handlerWhoseClientHasGoneKeepsItsPlace() throws Exception {
        var first = new AtomicBoolean();
        var release = new CountDownLatch(1);
        ConnectionHandler handler =
                connection -> {
                    if (first.compareAndSet(false, true)) {
                        release.await();
                    } else {
                        Served.echo(connection);
                    }
                };
        try (var served = new Served(handler, builder -> builder.maxConnections(1))) {
            Socket goes = served.connect();
            served.awaitHandlers(1);
            Served.reset(goes);
            served.awaitConnections(0);
            try (var second = served.connect()) {
                Served.send(second, "second");
                for (var loop : served.group.loops()) { // which would have accepted it by then
                    loop.call(() -> null);
                }
                assertThat(served.server.connectionCount()).isZero();
                assertThat(second.getInputStream().available()).isZero();
                release.countDown();
                assertThat(Served.received(second, 6)).isEqualTo("second");
            }
            served.awaitConnections(0);
        }
    }

    @Test
    void placeOfAHandlerThatFailedIsFreeToo() throws Exception {
        ConnectionHandler handler =
                connection -> {
                    Served.echo(connection);
                    throw new EOFException("the handler's own");
                };
        try (var log = LogRecorder.of(StreamServer.class);
                var served = new Served(handler, builder -> builder.maxConnections(1))) {
            for (int i = 0; i < 5; i++) {
                try (var socket = served.connect()) {
                    assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
                }
            }
            served.awaitConnections(0);
            assertThat(log.awaitMessages(5)).hasSize(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void neverMoreThanThat(int most) throws Exception {
        try (var served = new Served(this::countedEcho, builder -> builder.maxConnections(most))) {
            var waiting = connectMany(served, 40);
            while (!waiting.isEmpty()) {
                var open = new ArrayList<Socket>();
                await().atMost(Served.PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(
                                () -> {
                                    open.clear();
                                    for (var socket : waiting) {
                                        if (socket.getInputStream().available() > 0) {
                                            open.add(socket);
                                        }
                                    }
                                    return !open.isEmpty();
                                });
                assertThat(served.server.connectionCount()).isLessThanOrEqualTo(most);
                for (var socket : open) {
                    assertThat(Served.received(socket, 5)).isEqualTo("hello");
                    socket.close();
                }
                waiting.removeAll(open);
            }
            assertThat(mostInside.get()).isBetween(1, most);
        }
    }

    @Test
    void fullServerSaysSoOnceAndNotEachTime() throws Exception {
        try (var log = LogRecorder.ofAll(Connections.class);
                var served = new Served(Served::echo, builder -> builder.maxConnections(1))) {
            for (int i = 0; i < 3; i++) {
                try (var socket = served.connect()) {
                    assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
                }
                served.awaitConnections(0);
            }
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("server on [127.0.0.1:")
                    .contains("1 connections", "may have no more (maxConnections");
        }
    }

    @Test
    void limitIsForAllListenersTogether() throws Exception {
        try (var served =
                new Served(
                        this::countedEcho,
                        builder ->
                                builder.listen("127.0.0.1:0")
                                        .listen("127.0.0.1:0")
                                        .maxConnections(2))) {
            for (int round = 0; round < 20; round++) {
                var sockets = new ArrayList<Socket>();
                for (var address : served.server.addresses()) {
                    for (int i = 0; i < 3; i++) {
                        sockets.add(Served.connect(((InetSocketAddress) address).getPort()));
                    }
                }
                for (var socket : sockets) {
                    Served.send(socket, "hello");
                    socket.shutdownOutput(); // which frees its place without our help
                }
                for (var socket : sockets) {
                    assertThat(Served.receivedToTheEnd(socket)).isEqualTo("hello");
                    socket.close();
                }
            }
            assertThat(mostInside.get()).isBetween(1, 2);
        }
    }

    @Test
    void stopTurnsThoseWhoWaitAway() throws Exception {
        try (var served = new Served(Served::echo, builder -> builder.maxConnections(1));
                var inside = served.connect();
                var waiting = served.connect()) {
            assertThat(Served.ask(inside, "hello")).isEqualTo("hello");
            Served.send(waiting, "hello?");
            var stop = Thread.ofVirtual().start(served.server::close);
            assertTurnedAway(waiting);
            stop.join();
        }
    }

    @Test
    void stopAcceptingHoldsAlsoWhenAPlaceGetsFree() throws Exception {
        try (var served = new Served(Served::echo, builder -> builder.maxConnections(1))) {
            var first = served.connect();
            assertThat(Served.ask(first, "hello")).isEqualTo("hello");
            served.server.stopAccepting();
            first.close();
            served.awaitConnections(0);
            try (var second = served.connect()) {
                Served.send(second, "second");
                settle(served);
                assertThat(served.server.connectionCount()).isZero();
                served.server.startAccepting();
                assertThat(Served.received(second, 6)).isEqualTo("second");
            }
        }
    }

    @Test
    void roomForOneIsTheLeast() {
        assertThatThrownBy(() -> StreamServer.builder(Served::echo).maxConnections(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a server needs room for at least one connection, but got 0");
    }

    private void countedEcho(Connection connection) throws IOException {
        mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
        try {
            Served.echo(connection);
        } finally {
            inside.decrementAndGet();
        }
    }

    private static List<Socket> connectMany(Served served, int count) throws IOException {
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < count; i++) {
            sockets.add(served.connect());
            Served.send(sockets.getLast(), "hello");
        }
        return sockets;
    }

    private static void assertTurnedAway(Socket socket) throws IOException {
        try {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static void turn(Loop loop) throws Exception {
        loop.call(
                () -> {
                    Weft.sleep(Duration.ofMillis(1));
                    return null;
                });
    }

    /** Every loop has been to the kernel and back, so it would have accepted by now. */
    static void settle(Served served) throws Exception {
        for (int i = 0; i < 3; i++) {
            turn(served.group.acceptor());
            for (var loop : served.group.loops()) {
                turn(loop);
            }
        }
    }
}
