package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.net.Connection;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** A handler may stop the server that it belongs to, which then waits for all others. */
class StopFromInsideTest {
    @Test
    void handlerThatStopsItsServerCanStillAnswer() throws Exception {
        var server = new AtomicReference<StreamServer>();
        var outcome = new CompletableFuture<Boolean>();
        ConnectionHandler handler =
                connection -> {
                    connection.read(100);
                    outcome.complete(server.get().stop(Served.LONG));
                    connection.write("stopped");
                };
        try (var served = new Served(handler);
                var socket = served.connect()) {
            server.set(served.server);
            Served.send(socket, "stop");
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("stopped");
            assertThat(outcome.get()).isTrue();
            served.server.serveForever();
        }
    }

    @Test
    void handlerThatStopsItsServerWaitsForTheOthers() throws Exception {
        var server = new AtomicReference<StreamServer>();
        ConnectionHandler handler =
                connection -> {
                    if ("stop".equals(connection.readLine(100))) {
                        connection.write(server.get().stop(Served.LONG) + "");
                    } else {
                        Served.swallow(connection);
                    }
                };
        try (var served = new Served(handler);
                var stopper = served.connect();
                var other = served.connect()) {
            server.set(served.server);
            served.awaitHandlers(2);
            Served.send(stopper, "stop\n");
            await().atMost(Served.PATIENCE).until(served.server::isStopping);
            assertThat(stopper.getInputStream().available()).isZero();
            other.shutdownOutput();
            assertThat(Served.receivedToTheEnd(stopper)).isEqualTo("true");
        }
    }

    @Test
    void handlersThatStopTheirServerDoNotWaitForEachOther() throws Exception {
        var server = new AtomicReference<StreamServer>();
        ConnectionHandler handler =
                connection -> {
                    connection.read(100);
                    connection.write(server.get().stop(Served.LONG) + "");
                };
        try (var served = new Served(handler);
                var first = served.connect();
                var second = served.connect()) {
            server.set(served.server);
            served.awaitHandlers(2);
            Served.send(first, "stop");
            Served.send(second, "stop");
            assertThat(Served.receivedToTheEnd(first)).isEqualTo("true");
            assertThat(Served.receivedToTheEnd(second)).isEqualTo("true");
        }
    }

    @Test
    void serverWithLoopsOfItsOwnEndsThemAfterTheHandlerThatStoppedIt() throws Exception {
        var server = new CompletableFuture<StreamServer>();
        LoopGroup loops;
        try (var own =
                StreamServer.bind("127.0.0.1:0", connection -> stopAndSay(server, connection))) {
            loops = own.group();
            server.complete(own);
            try (var socket = Served.connect(Served.port(own))) {
                assertThat(Served.receivedToTheEnd(socket)).isEqualTo("stopped");
            }
            own.serveForever();
        }
        assertThat(loops.awaitEnd(Served.PATIENCE)).isTrue();
    }

    private static void stopAndSay(CompletableFuture<StreamServer> server, Connection connection)
            throws Exception {
        server.get().stop(Served.LONG);
        connection.write("stopped");
    }
}
