package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Nursery;
import io.weft.Race;
import io.weft.Weft;
import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.testing.Site;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** What a request starts in a nursery ends with the request. */
class NurseryTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final String CLOSE = "Connection: close\r\n";

    private final AtomicInteger living = new AtomicInteger();

    private String live() throws InterruptedException {
        living.incrementAndGet();
        try {
            Weft.sleep(FOR_EVER);
            return "not here";
        } finally {
            living.decrementAndGet();
        }
    }

    @Test
    void answersOfChildrenAreTheRequests() throws Exception {
        Handler handler =
                (_, response) -> {
                    String both =
                            Nursery.call(
                                    nursery -> {
                                        var one = nursery.spawn(() -> "one ");
                                        var two = nursery.spawn(() -> "two");
                                        nursery.join();
                                        return one.get() + two.get();
                                    });
                    response.send(both);
                };
        try (var site = new Site(handler)) {
            assertThat(site.get("/", CLOSE).body()).isEqualTo("one two");
        }
    }

    @Test
    void theFirstAnswerIsTheRequests() throws Exception {
        Callable<String> quick = () -> "quick";
        Handler handler =
                (_, response) -> {
                    String first = Race.of(List.of(this::live, quick));
                    response.send(first);
                };
        try (var site = new Site(handler)) {
            assertThat(site.get("/", CLOSE).body()).isEqualTo("quick");
            assertThat(living).hasValue(0);
        }
    }

    @Test
    void theStatusThatAChildThrowsIsTheRequests() throws Exception {
        Handler handler =
                (_, _) ->
                        Nursery.run(
                                nursery -> {
                                    nursery.spawn(this::live);
                                    nursery.spawn(
                                            () -> {
                                                throw new HttpException(404, "no such thing");
                                            });
                                    live();
                                });
        try (var site = new Site(handler)) {
            assertThat(site.get("/", CLOSE).status()).isEqualTo(404);
            assertThat(living).hasValue(0);
        }
    }

    @Test
    void childrenEndAsTheRequestsTimeIsOver() throws Exception {
        Handler handler =
                (_, _) -> {
                    try (var nursery = Nursery.open()) {
                        nursery.spawn(this::live);
                        nursery.spawn(this::live);
                    }
                };
        var limits = Limits.DEFAULT.requestTime(Duration.ofMillis(50));
        try (var site = new Site(handler, builder -> builder.limits(limits))) {
            assertThat(site.get("/", CLOSE).status()).isEqualTo(503);
            assertThat(living).hasValue(0);
        }
    }

    @Test
    void childrenEndAsTheServerStops() throws Exception {
        Handler handler =
                (_, _) ->
                        Nursery.run(
                                nursery -> {
                                    nursery.spawn(this::live);
                                    live();
                                });
        try (var site = new Site(handler);
                var client = site.connect()) {
            Site.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(Site.PATIENCE).until(() -> living.get() == 2);
            site.server.stop(Duration.ofMillis(20));
            await().atMost(Site.PATIENCE).until(() -> living.get() == 0);
        }
    }
}
