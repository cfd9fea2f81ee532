package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

/** {@code Expect: 100-continue} (RFC 9110 section 10.1.1). */
class WsgiExpectTest {
    private static final String ASK =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    private static final String GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

    private static Iterable<byte[]> readTwice(
            Map<String, Object> environ, StartResponse startResponse) throws Exception {
        var input = (Input) environ.get("wsgi.input");
        String body = Apps.text(input.read(2)) + "-" + Apps.text(input.read());
        startResponse.start("200 OK", Apps.TEXT);
        return Apps.list(body);
    }

    @Test
    void isAnsweredOnceOnTheFirstRead() throws Exception {
        try (var site = new Site(Wsgi.handler(WsgiExpectTest::readTwice));
                var socket = site.connect()) {
            for (int i = 0; i < 2; i++) {
                Site.send(socket, ASK);
                assertThat(Apps.text(socket.getInputStream().readNBytes(GO_ON.length())))
                        .isEqualTo(GO_ON);
                Site.send(socket, "hello");
                var answer = Site.read(socket);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("he-llo");
            }
        }
    }

    @Test
    void isNotAnsweredWhenTheApplicationRefuses() throws Exception {
        Application refuses =
                Apps.answering("417 Expectation Failed", Apps.TEXT, Apps.list("no thanks"));
        try (var site = new Site(Wsgi.handler(refuses));
                var socket = site.connect()) {
            Site.send(socket, ASK);
            var answer = Site.read(socket);
            assertThat(answer.status()).isEqualTo(417);
            assertThat(answer.header("Connection")).isEqualTo("close");
            // what the client sends all the same is never taken for a request
            Site.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(Site.readToTheEnd(socket)).isEmpty();
        }
    }

    @Test
    void isNotAnsweredOnceTheResponseHasBegun() throws Exception {
        Application application =
                (environ, startResponse) -> {
                    startResponse.start("200 OK", Apps.TEXT).write(Apps.bytes("begun"));
                    return List.of(((Input) environ.get("wsgi.input")).read());
                };
        try (var site = new Site(Wsgi.handler(application));
                var socket = site.connect()) {
            Site.send(socket, ASK + "hello");
            assertThat(Site.readToTheEnd(socket))
                    .startsWith("HTTP/1.1 200 OK")
                    .doesNotContain("100 Continue")
                    .endsWith("5\r\nbegun\r\n5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.1, 0", "1.0, 5"})
    void isNotAnsweredWhereNobodyWaits(String version, int length) throws Exception {
        try (var site = new Site(Wsgi.handler(WsgiExpectTest::readTwice));
                var socket = site.connect()) {
            String ask =
                    ASK.replace("HTTP/1.1", "HTTP/" + version)
                            .replace("Length: 5", "Length: " + length);
            Site.send(socket, ask + "hello".substring(0, length));
            assertThat(Site.read(socket).status()).isEqualTo(200);
        }
    }
}
