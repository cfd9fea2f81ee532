package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What becomes of an answer when the handler fails, is too slow, or the client is. */
class FailureTest {
    private static final Handler FAILS_TOO_LATE =
            (request, response) -> {
                response.body().write('x');
                response.body().flush();
                throw new IllegalStateException("too late");
            };

    @Test
    void failureBeforeTheFirstByteIsA500WithoutItsReason() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> {
                                    response.header("X-Half", "done");
                                    throw new IllegalStateException("secret");
                                })) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("x-half")).isNull();
            assertThat(answer.body()).isEqualTo("500 the server failed to answer\n");
            assertThat(raw.get("/").status()).isEqualTo(500); // and the connection stays
            assertThat(log.awaitMessages(2)).hasSize(2).allMatch(line -> line.contains("secret"));
        }
    }

    /** Of another server that it asks, say: no affair of this connection's. */
    @Test
    void timeOutOfTheHandlersOwnIsAFailure() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> {
                                    throw new SocketTimeoutException("no reply from upstream");
                                })) {
            assertThat(raw.get("/").status()).isEqualTo(500);
            assertThat(raw.get("/").status()).isEqualTo(500);
            assertThat(log.awaitMessages(2)).hasSize(2).allMatch(line -> line.contains("upstream"));
        }
    }

    @Test
    void clientThatDoesNotReadIsGivenUp() throws Exception {
        var failure = new CompletableFuture<Throwable>();
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                endless(failure),
                                builder ->
                                        builder.limits(
                                                Limits.DEFAULT.clientTime(
                                                        null, Duration.ofMillis(50))))) {
            raw.sendGet("/");
            assertThat(failure.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void failureAfterTheFirstByteCutsTheConnection() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw(FAILS_TOO_LATE)) {
            raw.sendGet("/");
            assertThat(raw.rest()).endsWith("\r\n\r\n1\r\nx\r\n"); // and no last chunk
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void failureOfAStreamToAnOldClientResetsTheConnection() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw(FAILS_TOO_LATE)) {
            raw.send("GET / HTTP/1.0\r\n\r\n");
            assertThatThrownBy(raw::rest)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void requestTimeIsLimited() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> Thread.sleep(Duration.ofHours(1)),
                                builder ->
                                        builder.limits(
                                                Limits.DEFAULT.requestTime(
                                                        Duration.ofMillis(50))))) {
            assertThat(raw.get("/").status()).isEqualTo(503);
            assertThat(raw.get("/").status()).isEqualTo(503);
            assertThat(log.awaitMessages(2)).hasSize(2);
        }
    }

    @Test
    void clientThatGoesAwayEndsTheHandler() throws Exception {
        var ended = new CompletableFuture<Throwable>();
        try (var raw = new Raw(endless(ended))) {
            raw.sendGet("/");
            raw.read(100);
            raw.reset();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** Writes for as long as it can. */
    private static Handler endless(CompletableFuture<Throwable> end) {
        return (request, response) -> {
            try {
                while (true) {
                    response.body().write(new byte[10_000]);
                }
            } catch (IOException e) {
                end.complete(e);
                throw e;
            }
        };
    }
}
