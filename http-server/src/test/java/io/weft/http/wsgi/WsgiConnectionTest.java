package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Several requests on one connection (gevent: TestKeepalive and its kin). */
class WsgiConnectionTest {
    private Site site;

    @BeforeEach
    void serve() throws IOException {
        site = new Site(Wsgi.handler(WsgiConnectionTest::pages));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static Iterable<byte[]> pages(Map<String, Object> environ, StartResponse startResponse)
            throws Exception {
        String path = (String) environ.get("PATH_INFO");
        switch (path) {
            case "/" -> startResponse.start("200 OK", Apps.TEXT);
            case "/bye" -> startResponse.start("200 OK", List.of(Map.entry("Connection", "close")));
            case "/stream" -> {
                startResponse.start("200 OK", Apps.TEXT);
                return Apps.iterator("one", "two");
            }
            default -> startResponse.start("404 Not Found", Apps.TEXT);
        }
        return Apps.list("at " + path);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    @Test
    void staysForTheNextRequest() throws Exception {
        try (var socket = site.connect()) {
            for (String path : new String[] {"/", "/nowhere", "/"}) {
                Site.send(socket, get(path));
                var answer = Site.read(socket);
                assertThat(answer.status()).isEqualTo(path.equals("/") ? 200 : 404);
                assertThat(answer.body()).isEqualTo("at " + path);
                assertThat(answer.header("Connection")).isNull();
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (var socket = site.connect()) {
            Site.send(socket, get("/1") + get("/stream") + get("/") + get("/4"));
            assertThat(Site.read(socket).body()).isEqualTo("at /1");
            assertThat(Site.read(socket).body()).isEqualTo("onetwo");
            assertThat(Site.read(socket).body()).isEqualTo("at /");
            assertThat(Site.read(socket).body()).isEqualTo("at /4");
        }
    }

    @Test
    void clientClosesByItsHeader() throws Exception {
        try (var socket = site.connect()) {
            Site.send(socket, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/"));
            assertThat(Site.read(socket).header("Connection")).isEqualTo("close");
            assertThat(Site.readToTheEnd(socket)).isEmpty();
        }
    }

    @Test
    void applicationClosesByItsHeader() throws Exception {
        try (var socket = site.connect()) {
            Site.send(socket, get("/bye"));
            assertThat(Site.read(socket).header("Connection")).isEqualTo("close");
            assertThat(Site.readToTheEnd(socket)).isEmpty();
        }
    }

    @Test
    void oldProtocolClosesByDefault() throws Exception {
        try (var socket = site.connect()) {
            Site.send(socket, "GET / HTTP/1.0\r\n\r\n");
            var answer = Site.read(socket);
            assertThat(answer.body()).isEqualTo("at /");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(Site.readToTheEnd(socket)).isEmpty();
        }
    }

    @Test
    void oldProtocolKeepsAliveWhenAsked() throws Exception {
        try (var socket = site.connect()) {
            for (int i = 0; i < 3; i++) {
                Site.send(socket, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                var answer = Site.read(socket);
                assertThat(answer.header("Connection")).isEqualToIgnoringCase("keep-alive");
                assertThat(answer.body()).isEqualTo("at /");
            }
        }
    }

    @Test
    void oldProtocolEndsAStreamByClosing() throws Exception {
        try (var socket = site.connect()) {
            Site.send(socket, "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            var answer = Site.read(socket);
            assertThat(answer.header("Transfer-Encoding")).isNull();
            assertThat(answer.header("Content-Length")).isNull();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.body()).isEqualTo("onetwo");
        }
    }
}
