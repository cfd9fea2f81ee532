package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.net.Connection;
import io.weft.pool.Pool;
import io.weft.pool.ThreadPool;
import io.weft.sync.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Handlers that run in a pool, which they may have to share. */
class PoolTest {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();

    @Test
    void nextOneIsServedWhenAPlaceIsFree() throws Exception {
        var pool = new Pool(1);
        try (var served = new Served(Served::echo, builder -> builder.pool(pool));
                var first = served.connect();
                var second = served.connect()) {
            assertThat(Served.ask(first, "first")).isEqualTo("first");
            assertThat(pool.isFull()).isTrue();
            Served.send(second, "second");
            assertThat(Served.ask(first, "still")).isEqualTo("still");
            assertThat(second.getInputStream().available()).isZero();
            first.shutdownOutput();
            assertThat(Served.received(second, 6)).isEqualTo("second");
        }
        assertThat(pool.freeCount()).isOne();
    }

    @Test
    void fullPoolStopsAccepting() throws Exception {
        var pool = new Pool(1);
        try (var served = new Served(Served::echo, builder -> builder.pool(pool));
                var first = served.connect()) {
            assertThat(Served.ask(first, "first")).isEqualTo("first");
            MaxConnectionsTest.settle(served); // the listener has heard that it is full
            try (var second = served.connect()) {
                MaxConnectionsTest.settle(served);
                assertThat(served.server.connectionCount()).isOne();
                first.shutdownOutput();
                assertThat(Served.ask(second, "second")).isEqualTo("second");
            }
        }
    }

    @Test
    void othersInThePoolCountToo() throws Exception {
        var pool = new Pool(1);
        var over = new Event();
        try (var served = new Served(Served::echo, builder -> builder.pool(pool))) {
            Coroutine<?> other = pool.spawn(() -> over.await());
            try (var socket = served.connect()) {
                Served.send(socket, "hello");
                MaxConnectionsTest.settle(served);
                assertThat(socket.getInputStream().available()).isZero();
                over.set();
                assertThat(Served.received(socket, 5)).isEqualTo("hello");
                assertThat(other.isDone()).isTrue();
            }
        }
    }

    @Test
    void placeOfAHandlerIsFreeForOthers() throws Exception {
        var pool = new Pool(1);
        try (var served = new Served(Served::echo, builder -> builder.pool(pool));
                var socket = served.connect()) {
            assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
            assertThat(pool.<Object>trySpawn(() -> null)).isNull();
            socket.shutdownOutput();
            assertThat(pool.spawn(() -> "other").get()).isEqualTo("other");
        }
    }

    @Test
    void stopEndsOnlyItsOwnHandlers() throws Exception {
        var pool = new Pool(2);
        var over = new Event();
        Coroutine<String> other =
                pool.spawn(
                        () -> {
                            over.await();
                            return "undisturbed";
                        });
        try (var served = new Served(Served::swallow, builder -> builder.pool(pool));
                var socket = served.connect()) {
            await().atMost(Served.PATIENCE).until(() -> pool.size() == 2);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            await().atMost(Served.PATIENCE).until(() -> pool.size() == 1);
            assertThat(socket.getInputStream().read()).isNegative();
        }
        over.set();
        assertThat(other.get()).isEqualTo("undisturbed");
    }

    @Test
    void stopTurnsThoseWhoWaitAway() throws Exception {
        var pool = new Pool(1);
        var over = new Event();
        Coroutine<?> other = pool.spawn(() -> over.await());
        try (var served = new Served(Served::echo, builder -> builder.pool(pool));
                var waiting = served.connect()) {
            Served.send(waiting, "hello?");
            MaxConnectionsTest.settle(served);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            assertTurnedAway(waiting);
        }
        over.set();
        other.join();
        await().atMost(Served.PATIENCE).until(() -> pool.freeCount() == 1);
    }

    @Test
    void killedPoolClosesItsConnectionsAndServesOn() throws Exception {
        var pool = new Pool(2);
        try (var served = new Served(Served::echo, builder -> builder.pool(pool))) {
            for (int round = 0; round < 20; round++) {
                try (var first = served.connect();
                        var second = served.connect()) {
                    assertThat(Served.ask(first, "hello")).isEqualTo("hello");
                    pool.kill(Served.PATIENCE);
                    assertTurnedAway(first);
                    second.shutdownOutput(); // killed too, or begun after that
                    assertTurnedAway(second);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void neverMoreThanItsPlacesForTwoServersOnSeveralLoops(int places) throws Exception {
        var pool = new Pool(places);
        try (var one = new Served(this::countedEcho, builder -> builder.pool(pool));
                var other = new Served(this::countedEcho, builder -> builder.pool(pool))) {
            for (int round = 0; round < 20; round++) {
                var sockets = new ArrayList<Socket>();
                for (int i = 0; i < 6; i++) {
                    sockets.add(i % 2 == 0 ? one.connect() : other.connect());
                    Served.send(sockets.getLast(), "hello");
                    sockets.getLast().shutdownOutput(); // which frees its place without our help
                }
                for (var socket : sockets) {
                    assertThat(Served.receivedToTheEnd(socket)).isEqualTo("hello");
                    socket.close();
                }
            }
            assertThat(mostInside.get()).isBetween(1, places);
        }
        await().atMost(Served.PATIENCE).until(() -> pool.freeCount() == places);
    }

    @Test
    void poolOfThreadsIsRefused() {
        try (var threads = new ThreadPool(1)) {
            assertThatThrownBy(() -> StreamServer.builder(Served::echo).pool(threads))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected a Pool, but got a ThreadPool");
        }
    }

    private void countedEcho(Connection connection) throws IOException {
        mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
        try {
            Served.echo(connection);
        } finally {
            inside.decrementAndGet();
        }
    }

    private static void assertTurnedAway(Socket socket) throws IOException {
        try {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
