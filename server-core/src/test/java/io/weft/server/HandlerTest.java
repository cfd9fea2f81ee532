package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** What becomes of a connection when its handler ends. */
class HandlerTest {
    @Test
    void connectionIsClosedWhenItReturns() throws Exception {
        try (var served = new Served(connection -> connection.write("bye"));
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("bye");
            served.awaitConnections(0);
        }
    }

    @Test
    void connectionIsClosedWhenItThrows() throws Exception {
        try (var log = LogRecorder.of(StreamServer.class);
                var served =
                        new Served(
                                connection -> {
                                    connection.write("oh");
                                    throw new IOException("the handler's own");
                                });
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("oh");
            served.awaitConnections(0);
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .startsWith("the handler of connection 127.0.0.1:")
                    .endsWith(" failed with java.io.IOException: the handler's own");
        }
    }

    @Test
    void connectionIsClosedAtAnError() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class);
                var served =
                        new Served(
                                _ -> {
                                    throw new AssertionError("the handler's own");
                                });
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            served.awaitConnections(0);
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("the handler's own");
        }
    }

    /** Though a SocketTimeoutException is an InterruptedIOException, it is nobody's kill. */
    @Test
    void readTimeoutThatItDoesNotCatchIsReportedOnce() throws Exception {
        try (var server = LogRecorder.of(StreamServer.class);
                var coroutine = LogRecorder.of(Coroutine.class);
                var served =
                        new Served(
                                connection ->
                                        connection.readTimeout(Duration.ofMillis(1)).read(1));
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            served.awaitConnections(0);
            server.awaitMessages(1);
            assertThat(all(server, coroutine))
                    .singleElement()
                    .asString()
                    .contains("nothing to read within PT0.001S");
        }
    }

    @Test
    void onlyItsOwnConnectionIsClosed() throws Exception {
        try (var log = LogRecorder.of(StreamServer.class);
                var served =
                        new Served(
                                connection -> {
                                    String line = connection.readLine(100);
                                    if ("fail".equals(line)) {
                                        throw new IllegalStateException("as told");
                                    }
                                    connection.write(line);
                                });
                var good = served.connect();
                var bad = served.connect()) {
            served.awaitConnections(2);
            Served.send(bad, "fail\n");
            assertThat(Served.receivedToTheEnd(bad)).isEmpty();
            Served.send(good, "hello\n");
            assertThat(Served.receivedToTheEnd(good)).isEqualTo("hello");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void resetByThePeerIsNoNews() throws Exception {
        try (var log = LogRecorder.of(StreamServer.class);
                var uncaught = LogRecorder.of(Coroutine.class);
                var served = new Served(Served::echo)) {
            var socket = served.connect();
            assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
            Served.reset(socket);
            served.awaitConnections(0);
            assertThat(all(log, uncaught)).isEmpty();
        }
    }

    @Test
    void killedHandlerClosesItsConnectionAndSaysNothing() throws Exception {
        BlockingQueue<Coroutine<?>> handlers = new LinkedBlockingQueue<>();
        try (var log = LogRecorder.of(StreamServer.class);
                var uncaught = LogRecorder.of(Coroutine.class);
                var served =
                        new Served(
                                connection -> {
                                    handlers.add(Coroutine.current());
                                    Served.swallow(connection);
                                });
                var socket = served.connect()) {
            var handler = handlers.take();
            handler.kill();
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            handler.join();
            assertThat(handler.state()).isEqualTo(Coroutine.State.KILLED);
            assertThat(all(log, uncaught)).isEmpty();
        }
    }

    @Test
    void handlerMayCloseTheConnectionItself() throws Exception {
        var closed = new CompletableFuture<Boolean>();
        try (var served =
                        new Served(
                                connection -> {
                                    connection.write("bye");
                                    connection.close();
                                    Weft.yieldNow();
                                    closed.complete(!connection.isOpen());
                                });
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("bye");
            assertThat(closed.get()).isTrue();
        }
    }

    @Test
    void eachRunsInACoroutineOfItsOwn() throws Exception {
        BlockingQueue<Coroutine<?>> handlers = new LinkedBlockingQueue<>();
        try (var served =
                        new Served(
                                connection -> {
                                    handlers.add(Coroutine.current());
                                    Served.swallow(connection);
                                });
                var first = served.connect();
                var second = served.connect()) {
            assertThat(List.of(handlers.take(), handlers.take()))
                    .doesNotHaveDuplicates()
                    .allMatch(each -> "connection".equals(each.name()));
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
    }

    private static List<String> all(LogRecorder... logs) {
        var messages = new ArrayList<String>();
        for (var log : logs) {
            messages.addAll(log.messages());
        }
        return messages;
    }
}
