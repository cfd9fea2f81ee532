package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.net.Datagram;
import io.weft.net.DatagramEndpoint;
import io.weft.pool.Pool;
import io.weft.pool.ThreadPool;
import io.weft.sync.Event;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Datagrams that are handled in a pool, which they may have to share. */
class DatagramPoolTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.next();
    private final LinkedBlockingQueue<String> entered = new LinkedBlockingQueue<>();
    private final Event release = new Event();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();

    @AfterEach
    void end() {
        group.close();
    }

    private DatagramServer server(Pool pool, DatagramHandler handler) throws IOException {
        return DatagramServer.builder(handler).listen("127.0.0.1:0").loop(loop).pool(pool).bind();
    }

    private void waitInside(Datagram datagram) throws InterruptedException {
        entered.add(datagram.text());
        release.await();
    }

    private String nextEntered() throws InterruptedException {
        return entered.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static void send(DatagramEndpoint client, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            client.send("n" + i);
        }
    }

    /** Until the server waits for a datagram: it has seen a free place. */
    private static void awaitReceiver(DatagramServer server) {
        await("the server's receiver")
                .atMost(LONG)
                .until(() -> server.endpoint().statistics().waiting() == 1);
    }

    private static void awaitUnreceived(DatagramServer server, int count) {
        await("%d datagrams that are not received".formatted(count))
                .atMost(LONG)
                .until(() -> server.endpoint().statistics().size() == count);
    }

    @Test
    void fullPoolStopsReceiving() throws Exception {
        var pool = new Pool(2);
        try (var server = server(pool, this::waitInside);
                var client = DatagramEndpoint.connect(server.address())) {
            send(client, 0, 5);
            assertThat(nextEntered()).isEqualTo("n0");
            assertThat(nextEntered()).isEqualTo("n1");
            awaitUnreceived(server, 3);
            assertThat(server.handlerCount()).isEqualTo(2);
            assertThat(pool.isFull()).isTrue();
            assertThat(entered).isEmpty();
            release.set();
            for (int i = 2; i < 5; i++) {
                assertThat(nextEntered()).isEqualTo("n" + i);
            }
            await().atMost(LONG).until(() -> pool.freeCount() == 2);
        }
    }

    @Test
    void idleServerTakesNoPlace() throws Exception {
        var pool = new Pool(1);
        try (var server = server(pool, datagram -> datagram.reply("served"));
                var client = DatagramEndpoint.connect(server.address())) {
            for (int i = 0; i < 3; i++) {
                assertThat(pool.apply(() -> "other", LONG)).isEqualTo("other");
                client.send("n");
                assertThat(client.receive(LONG).text()).isEqualTo("served");
            }
        }
    }

    @Test
    void othersInThePoolCountToo() throws Exception {
        var pool = new Pool(1);
        try (var server = server(pool, datagram -> entered.add(datagram.text()));
                var client = DatagramEndpoint.connect(server.address())) {
            awaitReceiver(server);
            var other = pool.spawn(() -> release.await());
            send(client, 0, 3);
            awaitUnreceived(server, 2); // the first one was waited for already
            assertThat(server.handlerCount()).isZero();
            assertThat(entered).isEmpty();
            release.set();
            for (int i = 0; i < 3; i++) {
                assertThat(nextEntered()).isEqualTo("n" + i);
            }
            assertThat(other.join(LONG)).isTrue();
        }
    }

    @Test
    void handlerRunsOnItsServersLoopWhereverThePoolStartsOthers() throws Exception {
        var pool = Pool.over(group, 1);
        try (var server = server(pool, datagram -> entered.add(Loop.current().name()));
                var client = DatagramEndpoint.connect(server.address())) {
            for (int i = 0; i < 4; i++) {
                client.send("n");
                assertThat(nextEntered()).isEqualTo(loop.name());
            }
        }
    }

    @Test
    void stopEndsOnlyItsOwnHandlers() throws Exception {
        var pool = new Pool(2);
        Coroutine<String> other =
                pool.spawn(
                        () -> {
                            release.await();
                            return "undisturbed";
                        });
        var server = server(pool, this::waitInside);
        try (var client = DatagramEndpoint.connect(server.address())) {
            client.send("n");
            assertThat(nextEntered()).isEqualTo("n");
            assertThat(server.stop(Served.MOMENT)).isFalse();
            await().atMost(LONG).until(() -> pool.freeCount() == 1);
        }
        release.set();
        assertThat(other.get()).isEqualTo("undisturbed");
    }

    @Test
    void stopDropsTheDatagramThatWaitsForAPlace() throws Exception {
        var pool = new Pool(1);
        var server = server(pool, this::waitInside);
        try (var client = DatagramEndpoint.connect(server.address())) {
            awaitReceiver(server);
            var other = pool.spawn(() -> release.await());
            client.send("never handled");
            await().atMost(LONG).until(() -> pool.statistics().spawners() == 1);
            assertThat(server.stop(Served.LONG)).isTrue();
            assertThat(pool.statistics().spawners()).isZero();
            release.set();
            other.join();
            await().atMost(LONG).until(() -> pool.freeCount() == 1);
        }
        assertThat(entered).isEmpty();
    }

    @Test
    void killedPoolEndsItsHandlersAndTheServerGoesOn() throws Exception {
        var pool = new Pool(2);
        try (var server = server(pool, this::waitInside);
                var client = DatagramEndpoint.connect(server.address())) {
            for (int round = 0; round < 20; round++) {
                client.send("n");
                client.send("n");
                assertThat(nextEntered()).isEqualTo("n");
                assertThat(nextEntered()).isEqualTo("n");
                assertThat(pool.kill(LONG)).isTrue();
                await().atMost(LONG).until(() -> server.handlerCount() == 0);
            }
            assertThat(pool.freeCount()).isEqualTo(2);
        }
    }

    @Test
    void neverMoreThanItsPlacesForTwoServers() throws Exception {
        var pool = new Pool(2);
        try (var one = server(pool, this::countedEcho);
                var other = server(pool, this::countedEcho);
                var first = DatagramEndpoint.connect(one.address());
                var second = DatagramEndpoint.connect(other.address())) {
            for (int round = 0; round < 20; round++) {
                send(first, 0, 5);
                send(second, 0, 5);
                for (int i = 0; i < 5; i++) {
                    assertThat(first.receive(LONG)).isNotNull();
                    assertThat(second.receive(LONG)).isNotNull();
                }
            }
        }
        assertThat(mostInside.get()).isBetween(1, 2);
        await().atMost(LONG).until(() -> pool.freeCount() == 2);
    }

    private void countedEcho(Datagram datagram) throws IOException, InterruptedException {
        mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
        try {
            Weft.yieldNow();
            datagram.reply(datagram.text());
        } finally {
            inside.decrementAndGet();
        }
    }

    @Test
    void poolOfThreadsIsRefused() {
        try (var threads = new ThreadPool(1)) {
            assertThatThrownBy(() -> DatagramServer.builder(datagram -> {}).pool(threads))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected a Pool, but got a ThreadPool");
        }
    }
}
