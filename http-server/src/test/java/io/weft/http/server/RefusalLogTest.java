package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.ManualClock;
import io.weft.http.Limits;
import io.weft.http.h1.Http1;
import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What is refused before there is a request has its line in the access log too. */
class RefusalLogTest {
    private static final LogFormat FORMAT = LogFormat.of("%(h)s \"%(r)s\" %(s)s %(b)s");

    @TempDir private Path folder;

    private void assertLogged(Limits limits, String sent, String line) throws Exception {
        Path file = folder.resolve("log");
        try (var log = AccessLog.to(file, FORMAT);
                var site =
                        new Site(
                                (request, response) -> response.send("x"),
                                builder -> builder.log(log).limits(limits));
                var socket = site.connect()) {
            Site.send(socket, sent);
            var answer = Site.read(socket);
            String bytes = answer.header("Content-Length");
            socket.shutdownOutput();
            site.server.close();
            log.flush();
            assertThat(file).hasContent("127.0.0.1 " + line + " " + bytes + "\n");
        }
    }

    @Test
    void serverThatStopsLeavesNoneUntold() throws Exception {
        try (var log = LogRecorder.ofAll(Http1.class);
                var site = new Site((request, response) -> response.send("x"))) {
            for (int i = 0; i < 3; i++) {
                try (var socket = site.connect()) {
                    Site.send(socket, "nonsense\r\n\r\n");
                    assertThat(Site.read(socket).status()).isEqualTo(400);
                }
            }
            site.server.close();
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("INFO"))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("the last of 2 ");
        }
    }

    @Test
    void malformedRequestLine() throws Exception {
        assertLogged(Limits.DEFAULT, "nonsense\r\n\r\n", "\"-\" 400");
    }

    @Test
    void tooLongRequestLine() throws Exception {
        assertLogged(
                Limits.DEFAULT,
                "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "\"-\" 414");
    }

    @Test
    void tooLargeHeader() throws Exception {
        assertLogged(
                Limits.DEFAULT.headers(2, 20),
                "GET /big HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(100) + "\r\n\r\n",
                "\"GET /big HTTP/1.1\" 431");
    }

    @Test
    void foldedHeader() throws Exception {
        assertLogged(
                Limits.DEFAULT,
                "GET /fold HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "\"GET /fold HTTP/1.1\" 400");
    }

    @Test
    void missingHost() throws Exception {
        assertLogged(Limits.DEFAULT, "GET /host HTTP/1.1\r\n\r\n", "\"GET /host HTTP/1.1\" 400");
    }

    @Test
    void targetThatIsNone() throws Exception {
        assertLogged(
                Limits.DEFAULT,
                "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "\"GET ftp://a/ HTTP/1.1\" 400");
    }

    @Test
    void slowHead() throws Exception {
        Path file = folder.resolve("log");
        var clock = new ManualClock();
        try (var log = AccessLog.to(file, FORMAT);
                var site =
                        new Site(
                                clock.group(1),
                                (request, response) -> response.send("x"),
                                builder -> builder.log(log));
                var socket = site.connect()) {
            // both in one piece: with the answer to the first the second has begun
            Site.send(socket, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n");
            assertThat(Site.read(socket).status()).isEqualTo(200);
            await().atMost(Site.PATIENCE)
                    .until(
                            () -> {
                                clock.advance(Limits.DEFAULT.headTime().dividedBy(20));
                                return socket.getInputStream().available() > 0;
                            });
            String bytes = Site.read(socket).header("Content-Length");
            socket.shutdownOutput();
            site.server.close();
            log.flush();
            assertThat(file)
                    .hasContent(
                            "127.0.0.1 \"GET /a HTTP/1.1\" 200 1\n127.0.0.1 \"-\" 408 "
                                    + bytes
                                    + "\n");
        }
    }

    @Test
    void tooLargeBody() throws Exception {
        assertLogged(
                Limits.DEFAULT.body(3),
                "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n",
                "\"POST /b HTTP/1.1\" 413");
    }
}
