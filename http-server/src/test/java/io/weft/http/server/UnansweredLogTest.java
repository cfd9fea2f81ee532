package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.http.Handler;
import io.weft.http.h1.Http1;
import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The access log does not tell of an answer that nobody was given. */
class UnansweredLogTest {
    private static final LogFormat FORMAT = LogFormat.of("%(r)s %(s)s %(B)s");

    @TempDir private Path folder;

    private interface End {
        void of(Site site, Socket socket) throws Exception;
    }

    private void assertLogged(Handler handler, End end, String line) throws Exception {
        Path file = folder.resolve("log");
        var begun = new CountDownLatch(1);
        try (var log = AccessLog.to(file, FORMAT)) {
            try (var site =
                            new Site(
                                    (request, response) -> {
                                        begun.countDown();
                                        handler.handle(request, response);
                                    },
                                    builder -> builder.log(log));
                    var socket = site.connect()) {
                Site.send(socket, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
                begun.await();
                end.of(site, socket);
            }
            log.flush();
            assertThat(file).hasContent("GET /a HTTP/1.1 " + line + "\n");
        }
    }

    @Test
    void clientThatWentBeforeIsA499() throws Exception {
        assertLogged(
                (request, response) -> {
                    response.endWithClient();
                    Thread.sleep(Duration.ofHours(1));
                },
                (site, socket) -> {
                    Site.reset(socket);
                    await().atMost(Site.PATIENCE).until(() -> site.server.connectionCount() == 0);
                },
                "499 0");
    }

    @Test
    void handlerThatWasKilledHasAnsweredNothing() throws Exception {
        assertLogged(
                (request, response) -> Thread.sleep(Duration.ofHours(1)),
                (site, socket) -> site.server.stop(Duration.ZERO),
                "000 0");
    }

    @Test
    void failureIsLoggedAsItWasAnswered() throws Exception {
        try (var errors = LogRecorder.of(Http1.class)) {
            assertLogged(
                    (request, response) -> {
                        throw new IllegalStateException("broken");
                    },
                    (site, socket) -> assertThat(Site.read(socket).status()).isEqualTo(500),
                    "500 32");
            assertThat(errors.messages()).hasSize(1);
        }
    }

    @Test
    void answerThatWasCutHasItsStatus() throws Exception {
        try (var errors = LogRecorder.of(Http1.class)) {
            assertLogged(
                    (request, response) -> {
                        response.body().write(new byte[7]);
                        response.body().flush();
                        throw new IllegalStateException("broken");
                    },
                    (site, socket) -> Site.readToTheEnd(socket),
                    "200 7");
            assertThat(errors.messages()).hasSize(1);
        }
    }
}
