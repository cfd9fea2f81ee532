package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.http.testing.Answer;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Which requests share a connection (pywsgi's points 1 and 2). */
class KeepAliveTest {
    private static final String HOST = "\r\nHost: test\r\n";

    private static Raw server() throws Exception {
        return new Raw(
                (request, response) -> {
                    if (request.path().equals("/missing")) {
                        throw new HttpException(404, "nothing here");
                    }
                    response.send(request.path());
                });
    }

    @Test
    void errorBetweenTwoRequestsKeepsTheConnection() throws Exception {
        try (var raw = server()) {
            assertThat(raw.get("/one").body()).isEqualTo("/one");
            var missing = raw.get("/missing");
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.body()).isEqualTo("404 nothing here\n");
            var last = raw.get("/two");
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.body()).isEqualTo("/two");
            assertThat(last.header("connection")).isNull();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (var raw = server()) {
            var all = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1").append(HOST).append("\r\n");
            }
            raw.send(all.toString());
            for (int i = 0; i < 100; i++) {
                assertThat(raw.answer().body()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void pipelinedRequestWaitsForTheOneBefore() throws Exception {
        var go = new Semaphore(0);
        try (var raw =
                new Raw(
                        (request, response) -> {
                            if (request.path().equals("/slow")) {
                                go.acquire();
                            }
                            response.send(request.path());
                        })) {
            raw.send("GET /slow HTTP/1.1" + HOST + "\r\nGET /fast HTTP/1.1" + HOST + "\r\n");
            go.release();
            assertThat(raw.answer().body()).isEqualTo("/slow");
            assertThat(raw.answer().body()).isEqualTo("/fast");
        }
    }

    @Test
    void closeIsHonouredAndSaid() throws Exception {
        try (var raw = server()) {
            var answer = raw.send("GET /x HTTP/1.1" + HOST + "Connection: close\r\n\r\n").answer();
            assertThat(answer.header("connection")).isEqualTo("close");
            raw.assertClosed();
        }
    }

    @Test
    void handlerCanClose() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) ->
                                response.header("Connection", "close").send("bye"))) {
            assertThat(raw.get("/").header("connection")).isEqualTo("close");
            raw.assertClosed();
        }
    }

    @Test
    void oldClientIsClosedUnlessItAsks() throws Exception {
        try (var raw = server()) {
            var closed = raw.send("GET /x HTTP/1.0\r\n\r\n").answer();
            assertThat(closed.body()).isEqualTo("/x");
            assertThat(closed.header("connection")).isEqualTo("close");
            raw.assertClosed();

            raw.connect();
            for (int i = 0; i < 2; i++) {
                var kept = raw.send("GET /y HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").answer();
                assertThat(kept.header("connection")).isEqualTo("keep-alive");
                assertThat(kept.body()).isEqualTo("/y");
            }
        }
    }

    @Test
    void idleConnectionIsClosedAfterItsTime() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> response.send("x"),
                        builder ->
                                builder.limits(Limits.DEFAULT.keepAlive(Duration.ofMillis(50))))) {
            assertThat(raw.get("/").status()).isEqualTo(200);
            raw.assertClosed();
        }
    }

    /** As with gunicorn and nginx. */
    @Test
    void keepAliveOfZeroIsNone() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> response.send("x"),
                        builder -> builder.limits(Limits.DEFAULT.keepAlive(Duration.ZERO)))) {
            for (String version : new String[] {"1.1", "1.0"}) {
                String head = "GET / HTTP/" + version + HOST + "Connection: keep-alive\r\n\r\n";
                assertThat(raw.send(head).answer().header("connection")).isEqualTo("close");
                raw.assertClosed();
                raw.connect();
            }
        }
    }

    /** However long a connection may be idle: the next head is begun, and has its own time. */
    @Test
    void slowHeadIsNotGivenTheTimeBetweenRequests() throws Exception {
        for (Duration keepAlive : new Duration[] {null, Duration.ofHours(1)}) {
            var limits = Limits.DEFAULT.keepAlive(keepAlive).headTime(Duration.ofMillis(100));
            Handler handler = (request, response) -> response.send("x");
            try (var site = new TimedSite(handler, limits, null)) {
                var in = site.client.getInputStream();
                site.send("GET / HTTP/1.1" + HOST + "\r\n");
                assertThat(Answer.read(in, false).status()).isEqualTo(200);
                site.send("GET / HT");
                site.awaitWaiting();
                site.advanceUntilToldOf(Duration.ofMillis(50));
                assertThat(Answer.read(in, false).status()).isEqualTo(408);
            }
        }
    }

    @Test
    void negativeLimitsAreRefused() {
        var negative = Duration.ofSeconds(-1);
        assertThatThrownBy(() -> Limits.DEFAULT.keepAlive(negative))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Limits.DEFAULT.headTime(negative))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Limits.DEFAULT.requestTime(negative))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Limits.DEFAULT.clientTime(negative, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Limits.DEFAULT.clientTime(null, negative))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stoppingServerClosesIdleConnectionsAndFinishesRequests() throws Exception {
        var handling = new CountDownLatch(1);
        var go = new Semaphore(0);
        try (var raw =
                new Raw(
                        (request, response) -> {
                            if (request.path().equals("/slow")) {
                                handling.countDown();
                                go.acquire();
                            }
                            response.send("done");
                        },
                        builder -> builder.limits(Limits.DEFAULT.keepAlive(Duration.ofHours(1))))) {
            assertThat(raw.get("/").status()).isEqualTo(200);
            var idle = raw.socket();
            raw.connect().send("GET /slow HTTP/1.1" + HOST + "\r\n");
            handling.await();
            var stopping =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    raw.server.stop(Raw.PATIENCE);
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            go.release();
            var answer = raw.answer();
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.header("connection")).isEqualTo("close");
            raw.assertClosed();
            stopping.join();
        }
    }
}
