package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.sync.Event;
import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The three steps of a stop: no more come, those inside may end, and who does not is killed. */
class StopTest {
    /** Enough for a handler to hear of its kill before it is cut off. */
    private static final Duration TO_HEAR_OF_IT = Duration.ofSeconds(3);

    @Test
    void listenerIsClosedAtOnce() throws Exception {
        try (var served = new Served(Served::echo);
                var socket = served.connect()) {
            assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
            var stop = stopInBackground(served.server, Served.LONG);
            await().atMost(Served.PATIENCE).untilAsserted(() -> assertRefused(served.server));
            assertThat(served.server.isStopping()).isTrue();
            assertThat(stop).isNotDone();
            assertThat(Served.ask(socket, "still here")).isEqualTo("still here");
            socket.shutdownOutput();
            assertThat(stop.get()).isTrue();
        }
    }

    @Test
    void connectionsEndByThemselves() throws Exception {
        try (var served = new Served(Served::echo);
                var first = served.connect();
                var second = served.connect()) {
            served.awaitHandlers(2);
            var stop = stopInBackground(served.server, Served.LONG);
            Served.send(first, "one");
            Served.send(second, "two");
            first.shutdownOutput();
            second.shutdownOutput();
            assertThat(Served.receivedToTheEnd(first)).isEqualTo("one");
            assertThat(Served.receivedToTheEnd(second)).isEqualTo("two");
            assertThat(stop.get()).isTrue();
            assertThat(served.server.connectionCount()).isZero();
        }
    }

    @Test
    void whoIsLeftIsKilledAfterTheTimeout() throws Exception {
        var killed = new CompletableFuture<Exception>();
        ConnectionHandler handler =
                connection -> {
                    try {
                        connection.read(1);
                    } catch (Exception e) {
                        killed.complete(e);
                        throw e;
                    }
                };
        try (var log = LogRecorder.of(StreamServer.class);
                var served = new Served(handler);
                var socket = served.connect()) {
            served.awaitHandlers(1);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            assertThat(killed.get()).hasMessageContaining("was killed");
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            assertThat(served.server.connectionCount()).isZero();
            assertThat(log.messages()).isEmpty();
        }
    }

    /**
     * What it has begun, for one to be written down, is as good as with a client (gevent: join).
     */
    @Test
    void handlerWhoseClientHasGoneIsWaitedFor() throws Exception {
        var mayEnd = new Event();
        var finished = new AtomicBoolean();
        ConnectionHandler handler =
                connection -> {
                    connection.close();
                    mayEnd.await();
                    finished.set(true);
                };
        try (var served = new Served(handler);
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            served.awaitConnections(0);
            var stop = stopInBackground(served.server, Served.LONG);
            await().atMost(Served.PATIENCE).until(served.server::isStopping);
            assertThat(stop).isNotDone();
            mayEnd.set();
            assertThat(stop.get()).isTrue();
            assertThat(finished).isTrue();
        }
    }

    @Test
    void handlerWhoseClientHasGoneIsKilledAfterTheTimeout() throws Exception {
        var killed = new CompletableFuture<Exception>();
        ConnectionHandler handler =
                connection -> {
                    connection.close();
                    try {
                        Weft.sleep(Served.LONG);
                    } catch (InterruptedException e) {
                        killed.complete(e);
                        throw e;
                    }
                };
        try (var served = new Served(handler);
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            served.awaitConnections(0);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            assertThat(killed).isDone(); // before stop() returned
        }
    }

    @Test
    void killedHandlerMayStillSayGoodbye() throws Exception {
        ConnectionHandler handler =
                connection -> {
                    try {
                        connection.read(1);
                    } finally {
                        connection.write("bye");
                    }
                };
        try (var served = new Served(handler);
                var socket = served.connect()) {
            served.awaitHandlers(1);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("bye");
        }
    }

    @Test
    void whoIgnoresTheKillIsCut() throws Exception {
        var kills = new AtomicInteger();
        var end = new CompletableFuture<IOException>();
        ConnectionHandler stubborn =
                connection -> {
                    while (!end.isDone()) {
                        try {
                            connection.read(1);
                        } catch (InterruptedIOException e) {
                            kills.incrementAndGet();
                        } catch (IOException e) {
                            end.complete(e);
                        }
                    }
                };
        try (var served = new Served(stubborn);
                var socket = served.connect()) {
            served.awaitHandlers(1);
            assertThat(served.server.stop(Served.MOMENT, TO_HEAR_OF_IT)).isFalse();
            assertThat(served.server.connectionCount()).isZero();
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            assertThat(end.get()).hasMessageEndingWith("is closed");
            assertThat(kills).hasValueBetween(1, 2); // the second comes with the cut
        }
    }

    /** It does not wait for its connection, whose end would tell it. */
    @Test
    void whoTakesTheKillForSomethingElseIsKilledAgain() throws Exception {
        var kills = new AtomicInteger();
        ConnectionHandler stubborn =
                connection -> {
                    while (kills.get() < 2) {
                        try {
                            Weft.sleep(Served.LONG);
                        } catch (InterruptedException e) {
                            kills.incrementAndGet();
                        }
                    }
                };
        try (var served = new Served(stubborn);
                var _ = served.connect()) {
            served.awaitHandlers(1);
            assertThat(served.server.stop(Served.MOMENT, TO_HEAR_OF_IT)).isFalse();
            await().atMost(Served.PATIENCE).untilAsserted(() -> assertThat(kills).hasValue(2));
        }
    }

    @Test
    void connectionWhosePeerTakesNothingIsCut() throws Exception {
        ConnectionHandler handler =
                connection -> {
                    var chunk = new byte[64 * 1024];
                    while (true) {
                        connection.write(chunk);
                    }
                };
        try (var served = new Served(handler);
                var socket = served.connect()) {
            served.awaitHandlers(1);
            assertThat(served.server.stop(Served.MOMENT, TO_HEAR_OF_IT)).isFalse();
            assertThat(served.server.connectionCount()).isZero();
            // what the kernel had, and by then it may have had all
            assertThat(Served.receivedUpToTheCut(socket)).isNotEmpty();
        }
    }

    @Test
    void twiceIsAsGoodAsOnce() throws Exception {
        try (var served = new Served(Served::echo)) {
            assertThat(served.server.stop(Served.LONG)).isTrue();
            assertThat(served.server.stop(Served.LONG)).isTrue();
            served.server.close();
            served.server.close();
        }
    }

    @Test
    void secondOneMayHaveLessPatience() throws Exception {
        try (var served = new Served(Served::swallow);
                var socket = served.connect()) {
            served.awaitHandlers(1);
            var patient = stopInBackground(served.server, Served.LONG);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            assertThat(patient.get()).isTrue();
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
        }
    }

    @Test
    void stoppedServerDoesNotStartAgain() throws Exception {
        try (var served = new Served(Served::echo)) {
            served.server.stop(Served.LONG);
            served.server.startAccepting();
            served.server.stopAccepting();
            assertRefused(served.server);
        }
    }

    @Test
    void interruptEndsItTheHardWay() throws Exception {
        try (var served = new Served(Served::swallow);
                var socket = served.connect()) {
            served.awaitHandlers(1);
            var stop =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        served.server.close();
                                        assertThat(Thread.interrupted()).isTrue();
                                    });
            served.server.serveForever();
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            stop.join();
        }
    }

    @Test
    void serveForeverEndsThen() throws Exception {
        try (var served = new Served(Served::echo)) {
            var waiter = new CountDownLatch(1);
            var thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            served.server.serveForever();
                                            waiter.countDown();
                                        } catch (InterruptedException e) {
                                            throw new AssertionError(e);
                                        }
                                    });
            Threads.awaitParked(thread);
            assertThat(waiter.getCount()).isOne();
            served.server.close();
            waiter.await();
            thread.join();
        }
    }

    @Test
    void serverWithLoopsOfItsOwnEndsThem() throws Exception {
        LoopGroup loops;
        try (var own = StreamServer.bind("127.0.0.1:0", Served::echo)) {
            loops = own.group();
        }
        assertThat(loops.awaitEnd(Duration.ZERO)).isTrue();
    }

    @Test
    void loopsOfTheCallerGoOn() throws Exception {
        try (var served = new Served(Served::echo)) {
            served.server.close();
            assertThat(served.group.next().<String>call(() -> "alive")).isEqualTo("alive");
        }
    }

    @Test
    void loopsMayEndFirst() throws Exception {
        var group = LoopGroup.create(2);
        try (var server =
                        StreamServer.builder(Served::swallow)
                                .listen("127.0.0.1:0")
                                .group(group)
                                .bind();
                var socket = Served.connect(Served.port(server))) {
            await().atMost(Served.PATIENCE).until(() -> server.connectionCount() == 1);
            group.close();
            assertThat(server.stop(Served.LONG)).isTrue();
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
        }
    }

    private static CompletableFuture<Boolean> stopInBackground(
            StreamServer server, Duration timeout) {
        var outcome = new CompletableFuture<Boolean>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                outcome.complete(server.stop(timeout));
                            } catch (Throwable e) {
                                outcome.completeExceptionally(e);
                            }
                        });
        return outcome;
    }

    private static void assertRefused(StreamServer server) {
        assertThatThrownBy(() -> Served.connect(Served.port(server)).close())
                .isInstanceOf(ConnectException.class);
    }
}
