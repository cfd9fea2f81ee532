package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Loop;
import io.weft.ManualClock;

import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

class AcceptingTest {
    @Test
    void stopsAndStarts() throws Exception {
        try (var served = new Served(Served::echo);
                var inside = served.connect()) {
            assertThat(Served.ask(inside, "hello")).isEqualTo("hello");
            served.server.stopAccepting();
            MaxConnectionsTest.settle(served);
            try (var outside = served.connect()) {
                Served.send(outside, "hello?");
                MaxConnectionsTest.settle(served);
                assertThat(served.server.connectionCount()).isOne();
                assertThat(Served.ask(inside, "served")).isEqualTo("served");
                served.server.startAccepting();
                assertThat(Served.received(outside, 6)).isEqualTo("hello?");
            }
        }
    }

    /** None is late, as no time passes. */
    @Test
    void connectionsAreSpreadOverTheLoopsInTurn() throws Exception {
        var loops = new LinkedBlockingQueue<Loop>();
        try (var served =
                new Served(
                        connection -> {
                            loops.add(Loop.current());
                            assertThat(connection.loop()).isSameAs(Loop.current());
                            Served.swallow(connection);
                        },
                        builder -> builder,
                        new ManualClock().group(2))) {
            List<Loop> used = new ArrayList<>();
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                sockets.add(served.connect());
                used.add(loops.take());
            }
            assertThat(used.subList(0, 2))
                    .containsExactlyInAnyOrderElementsOf(served.group.loops());
            assertThat(used.subList(2, 4)).isEqualTo(used.subList(0, 2));
            assertThat(used.subList(4, 6)).isEqualTo(used.subList(0, 2));
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /** The handler of one connection that blocks does not keep others from being served. */
    @Test
    void oneConnectionDoesNotWaitForAnother() throws Exception {
        var released = new CountDownLatch(1);
        try (var served =
                new Served(
                        connection -> {
                            if ("wait".equals(connection.readLine(100))) {
                                released.await();
                            }
                            connection.write("done");
                        })) {
            try (var first = served.connect();
                    var second = served.connect();
                    var third = served.connect()) {
                Served.send(first, "wait\n");
                Served.send(second, "go\n");
                Served.send(third, "go\n");
                assertThat(Served.receivedToTheEnd(second)).isEqualTo("done");
                assertThat(Served.receivedToTheEnd(third)).isEqualTo("done");
                released.countDown();
                assertThat(Served.receivedToTheEnd(first)).isEqualTo("done");
            }
        }
    }
}
