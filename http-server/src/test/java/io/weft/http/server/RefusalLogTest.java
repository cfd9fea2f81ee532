package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Limits;
import io.weft.http.h1.Http1;
import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

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
        assertLogged(
                Limits.DEFAULT.headTime(Duration.ofMillis(20)), "GET / HTTP/1.1\r\n", "\"-\" 408");
    }

    @Test
    void tooLargeBody() throws Exception {
        assertLogged(
                Limits.DEFAULT.body(3),
                "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n",
                "\"POST /b HTTP/1.1\" 413");
    }
}
