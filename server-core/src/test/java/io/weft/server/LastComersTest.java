package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.weft.Transport;
import io.weft.net.Connection;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Whom the kernel has let in before the listener closed is served, although the server stops. */
class LastComersTest {
    private static final int MANY = 60; // more than are accepted in one go

    private static void serve(Connection connection) throws IOException {
        String word = connection.readLine(100);
        connection.write("served " + word);
    }

    private static List<Socket> connectMany(Served served) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            sockets.add(served.connect());
        }
        return sockets;
    }

    private static void assertAllServed(List<Socket> sockets) throws IOException {
        for (var socket : sockets) {
            Served.send(socket, "me\n");
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("served me");
            socket.close();
        }
    }

    private static CompletableFuture<Boolean> stopInBackground(StreamServer server) {
        var outcome = new CompletableFuture<Boolean>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                outcome.complete(server.stop(Served.LONG));
                            } catch (Throwable e) {
                                outcome.completeExceptionally(e);
                            }
                        });
        return outcome;
    }

    @Test
    void whatWaitsInTheKernelIsServed() throws Exception {
        try (var served = new Served(LastComersTest::serve)) {
            served.server.stopAccepting();
            MaxConnectionsTest.settle(served);
            List<Socket> sockets = connectMany(served);
            var stop = stopInBackground(served.server);
            await().atMost(Served.PATIENCE).until(served.server::isStopping);
            assertAllServed(sockets);
            assertThat(stop.get()).isTrue();
        }
    }

    @Test
    void ofAFullServerTooAsPlacesGetFree() throws Exception {
        try (var served = new Served(LastComersTest::serve, builder -> builder.maxConnections(2))) {
            List<Socket> sockets = connectMany(served);
            served.awaitConnections(2);
            var stop = stopInBackground(served.server);
            await().atMost(Served.PATIENCE).until(served.server::isStopping);
            assertAllServed(sockets);
            assertThat(stop.get()).isTrue();
        }
    }

    /** One process takes the place of another, as seen by those who come all the time. */
    @Test
    void handoverOfAPortLosesNobody() throws Exception {
        assumeThat(Transport.preferred()).as("NIO cannot share a port").isNotEqualTo(Transport.NIO);
        var first = new Served(LastComersTest::serve, builder -> builder.reusePort(true));
        int port = Served.port(first.server);
        var visits = new CompletableFuture<Integer>();
        var current = new Served[] {first};
        try {
            var visitor =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            visits.complete(visitUntilInterrupted(port));
                                        } catch (Throwable e) {
                                            visits.completeExceptionally(e);
                                        }
                                    });
            for (int i = 0; i < 10; i++) {
                var next =
                        new Served(
                                LastComersTest::serve,
                                builder -> builder.listen("127.0.0.1:" + port).reusePort(true));
                current[0].server.stop(Served.LONG);
                current[0].close();
                current[0] = next;
            }
            visitor.interrupt();
            assertThat(visits.get()).isPositive();
        } finally {
            current[0].close();
        }
    }

    private static int visitUntilInterrupted(int port) throws IOException {
        int visits = 0;
        for (; !Thread.currentThread().isInterrupted(); visits++) {
            try (var socket = Served.connect(port)) {
                Served.send(socket, "me\n");
                assertThat(Served.receivedToTheEnd(socket)).isEqualTo("served me");
            }
        }
        return visits;
    }
}
