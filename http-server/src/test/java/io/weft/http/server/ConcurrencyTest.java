package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.ManualClock;
import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.testing.Site;
import io.weft.http.websocket.WebSocket;
import io.weft.sync.Event;
import io.weft.sync.Semaphore;

import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A limit on the requests that are answered at once. */
class ConcurrencyTest {
    private static final String CLOSE = "Connection: close\r\n";

    private static final String UPGRADE =
            """
            GET /socket HTTP/1.1
            Host: a
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """;

    private final Semaphore places = new Semaphore(1);
    private final Event goOn = new Event();

    @Test
    void idleConnectionHoldsNoPlace() throws Exception {
        Handler handler = (request, response) -> response.send("x");
        try (var site = new Site(handler, builder -> builder.concurrency(1));
                var idle = site.connect()) {
            for (int i = 0; i < 3; i++) {
                Site.send(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(Site.read(idle).body()).isEqualTo("x");
                assertThat(site.get("/", CLOSE).body()).isEqualTo("x");
            }
        }
    }

    @Test
    void requestsWaitTheirTurn() throws Exception {
        var order = new CopyOnWriteArrayList<String>();
        var inside = new AtomicInteger();
        var mostInside = new AtomicInteger();
        Handler handler =
                (request, response) -> {
                    mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    order.add(request.rawPath());
                    goOn.await();
                    inside.decrementAndGet();
                    response.send("x");
                };
        try (var site = new Site(handler, builder -> builder.concurrency(places))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sockets.add(site.connect());
                Site.send(sockets.get(i), "GET /" + i + " HTTP/1.0\r\n\r\n");
                int waiting = i;
                await().atMost(Site.PATIENCE)
                        .until(() -> !order.isEmpty() && places.statistics().waiting() == waiting);
            }
            goOn.set();
            for (Socket socket : sockets) {
                assertThat(Site.readToTheEnd(socket)).startsWith("HTTP/1.1 200 ");
                socket.close();
            }
        }
        assertThat(order).containsExactly("/0", "/1", "/2", "/3", "/4");
        assertThat(mostInside.get()).isOne();
        assertThat(places.available()).isOne();
    }

    @Test
    void waitingTooLongIsAnsweredBy503() throws Exception {
        var time = Duration.ofMillis(20);
        var limits = Limits.DEFAULT.requestTime(time);
        Handler handler = (request, response) -> response.send("x");
        places.acquire();
        var clock = new ManualClock(); // so that no time passes for the second request
        try (var site =
                        new Site(
                                clock.group(1),
                                handler,
                                builder -> builder.concurrency(places).limits(limits));
                var socket = site.connect()) {
            Site.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n" + CLOSE + "\r\n");
            await().until(() -> places.statistics().waiting() == 1);
            clock.advance(time);
            assertThat(Site.read(socket).status()).isEqualTo(503);
            places.release();
            assertThat(site.get("/", CLOSE).status()).isEqualTo(200);
        }
        assertThat(places.available()).isOne();
    }

    @Test
    void placeIsFreeAfterAFailureToo() throws Exception {
        Handler handler =
                (request, response) -> {
                    throw new HttpException(418, "no coffee");
                };
        try (var site = new Site(handler, builder -> builder.concurrency(places))) {
            for (int i = 0; i < 3; i++) {
                assertThat(site.get("/", CLOSE).status()).isEqualTo(418);
            }
        }
        assertThat(places.available()).isOne();
    }

    @Test
    void stopTakesThoseWhoWaitWithIt() throws Exception {
        Handler handler = (request, response) -> response.send("x");
        places.acquire();
        try (var site = new Site(handler, builder -> builder.concurrency(places));
                var socket = site.connect()) {
            Site.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(Site.PATIENCE).until(() -> places.statistics().waiting() == 1);
            assertThat(site.server.stop(Duration.ofMillis(20))).isFalse();
            assertThat(Site.readToTheEnd(socket)).isEmpty();
            assertThat(places.statistics()).isEqualTo(new Semaphore.Statistics(0, 0));
        }
    }

    @Test
    void webSocketHoldsNoPlace() throws Exception {
        Handler handler =
                (request, response) -> {
                    if (request.rawPath().equals("/socket")) {
                        WebSocket.accept(request, response, socket -> socket.receive());
                    } else {
                        response.send("x");
                    }
                };
        try (var site = new Site(handler, builder -> builder.concurrency(places));
                var socket = site.connect()) {
            Site.send(socket, UPGRADE.replace("\n", "\r\n"));
            assertThat(socket.getInputStream().readNBytes(12)).asString().endsWith(" 101");
            assertThat(site.get("/", CLOSE).body()).isEqualTo("x");
        }
    }

    @Test
    void oneAtATimeIsTheLeast() {
        assertThatThrownBy(() -> HttpServer.builder((request, response) -> {}).concurrency(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a server answers at least one request at once, but was to answer 0");
    }
}
