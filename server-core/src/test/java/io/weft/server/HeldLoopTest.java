package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.net.Connection;
import io.weft.pool.Pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Handlers that compute hold their loops: whoever comes meanwhile is served by the others. */
class HeldLoopTest {
    private final LoopGroup group = LoopGroup.create(3);
    private final Set<Loop> held = ConcurrentHashMap.newKeySet();
    private final Semaphore holds = new Semaphore(0);
    private volatile boolean over;

    @AfterEach
    void end() {
        over = true;
        group.close();
    }

    /** Answers by a word; who says {@code hold} has its loop held first. */
    private void serve(Connection connection) throws Exception {
        String word = connection.readLine(100);
        if ("hold".equals(word)) {
            held.add(connection.loop());
            holds.release();
            hold();
        }
        connection.write(word);
    }

    /** As a computation does: nothing here lets others run. */
    private void hold() {
        while (!over) {
            Thread.onSpinWait();
        }
    }

    private StreamServer bind() throws Exception {
        return StreamServer.builder(this::serve).listen("127.0.0.1:0").group(group).bind();
    }

    private void holdOneOf(StreamServer server, List<Socket> holders) throws Exception {
        var socket = Served.connect(Served.port(server));
        holders.add(socket);
        Served.send(socket, "hold\n");
        holds.acquire();
    }

    private static void close(List<Socket> sockets) throws Exception {
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void newConnectionsAreServedByTheLoopsThatAreFree() throws Exception {
        List<Socket> holders = new ArrayList<>();
        try (var server = bind()) {
            holdOneOf(server, holders);
            for (int i = 0; i < 12; i++) {
                assertServes(server);
            }
            holdOneOf(server, holders);
            for (int i = 0; i < 12; i++) {
                assertServes(server);
            }
            assertThat(held).hasSize(2);
            over = true;
            close(holders);
        }
    }

    @Test
    void placeThatGetsFreeInAPoolIsFoundWhileALoopIsHeld() throws Exception {
        List<Socket> holders = new ArrayList<>();
        try (var server =
                StreamServer.builder(this::serve)
                        .listen("127.0.0.1:0")
                        .group(group)
                        .pool(new Pool(2))
                        .bind()) {
            holdOneOf(server, holders);
            assertServes(server); // and has filled the pool
            assertServes(server);
            over = true;
            close(holders);
        }
    }

    @Test
    void whoComesWhileAllAreHeldIsServedAfterwards() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (var server = bind()) {
            for (int i = 0; i < 3; i++) {
                holdOneOf(server, sockets);
            }
            assertThat(held).hasSize(3);
            for (int i = 0; i < 20; i++) {
                var socket = Served.connect(Served.port(server));
                sockets.add(socket);
                Served.send(socket, "hello\n");
            }
            over = true;
            for (var socket : sockets.subList(3, sockets.size())) {
                assertThat(Served.receivedToTheEnd(socket)).isEqualTo("hello");
            }
            for (int i = 0; i < 6; i++) {
                assertServes(server);
            }
            close(sockets);
        }
    }

    /** It gets its share again. */
    @Test
    void loopThatHasComeBackIsServedToAgain() throws Exception {
        var loops = ConcurrentHashMap.<Loop>newKeySet();
        var mayEnd = new CountDownLatch(1);
        ConnectionHandler handler =
                connection -> {
                    loops.add(connection.loop());
                    if ("hold".equals(connection.readLine(100))) {
                        holds.release();
                        while (mayEnd.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                    }
                    connection.write("served");
                };
        try (var server = StreamServer.builder(handler).listen("127.0.0.1:0").group(group).bind();
                var holder = Served.connect(Served.port(server))) {
            Served.send(holder, "hold\n");
            holds.acquire();
            for (int i = 0; i < 6; i++) {
                assertServes(server, "served");
            }
            mayEnd.countDown();
            assertThat(Served.receivedToTheEnd(holder)).isEqualTo("served");
            loops.clear();
            await().atMost(Served.PATIENCE)
                    .until(
                            () -> {
                                assertServes(server, "served");
                                return loops.size() == 3;
                            });
        }
    }

    @Test
    void serverStopsAlthoughALoopIsHeld() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (var server = bind()) {
            for (int i = 0; i < 3; i++) {
                holdOneOf(server, sockets);
            }
            var waiting = Served.connect(Served.port(server));
            sockets.add(waiting);
            Served.send(waiting, "hello\n");
            assertThat(server.stop(Served.MOMENT)).isFalse(); // and not only when they let go
            assertThat(over).isFalse();
            over = true;
            close(sockets);
        }
    }

    private void assertServes(StreamServer server) throws Exception {
        assertServes(server, "hello");
    }

    private static void assertServes(StreamServer server, String answer) throws Exception {
        try (var socket = Served.connect(Served.port(server))) {
            Served.send(socket, "hello\n");
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo(answer);
        }
    }
}
