package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.h1.Http1;
import io.weft.http.testing.Answer;
import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The start_response callable and its write callable (PEP 3333). */
class StartResponseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Answer answer(Application application) throws IOException {
        try (var site = new Site(Wsgi.handler(application))) {
            return site.ask(GET);
        }
    }

    /** The one line that the server logs of an application that fails. */
    private static String failure(Application application) throws IOException {
        try (var log = LogRecorder.of(Http1.class)) {
            assertThat(answer(application).status()).isEqualTo(500);
            assertThat(log.awaitMessages(1)).hasSize(1);
            return log.messages().getFirst();
        }
    }

    @Test
    void headersGoOutInTheirOrder() throws Exception {
        var headers =
                List.of(
                        Map.entry("Set-Cookie", "a=1"),
                        Map.entry("X-Latin", "caf\u00e9"),
                        Map.entry("Set-Cookie", "b=2"));
        var answer = answer(Apps.answering("201 Created", headers, Apps.list("x")));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.headers()).containsSequence(headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 Nothing here", "200 ok", "299 \\o/", "503 HTTP/1.1 200 OK"})
    void reasonIsSentAsGiven(String status) throws Exception {
        assertThat(answer(Apps.answering(status, Apps.TEXT, Apps.list("x"))).statusLine())
                .isEqualTo("HTTP/1.1 " + status);
        assertThat(answer(Apps.answering(status, Apps.TEXT, Apps.iterator("x"))).statusLine())
                .isEqualTo("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"404", "404 "})
    void usualReasonIsSentForNone(String status) throws Exception {
        assertThat(answer(Apps.answering(status, Apps.TEXT, Apps.list("x"))).statusLine())
                .isEqualTo("HTTP/1.1 404 Not Found");
    }

    @Test
    void reasonIsNotThatOfTheErrorInItsPlace() throws Exception {
        try (var log = LogRecorder.of(Http1.class)) {
            Application application =
                    (environ, startResponse) -> {
                        startResponse.start("200 All is well", Apps.TEXT);
                        throw new IllegalStateException("is it");
                    };
            assertThat(answer(application).statusLine())
                    .isEqualTo("HTTP/1.1 500 Internal Server Error");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void callAfterACallIsAnError() throws Exception {
        assertThat(
                        failure(
                                (environ, startResponse) -> {
                                    startResponse.start("200 OK", Apps.TEXT);
                                    startResponse.start("404 Not Found", Apps.TEXT);
                                    return Apps.list("x");
                                }))
                .contains("expected one start of a response", "404 Not Found");
    }

    @Test
    void excInfoReplacesWhatHasNotBegun() throws Exception {
        var answer =
                answer(
                        (environ, startResponse) -> {
                            startResponse.start(
                                    "200 OK",
                                    List.of(
                                            Map.entry("X-Old", "1"),
                                            Map.entry("Content-Length", "99")));
                            startResponse.start(
                                    "503 Service Unavailable",
                                    List.of(Map.entry("X-New", "1")),
                                    new IOException("no database"));
                            return Apps.list("sorry");
                        });
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("X-Old")).isNull();
        assertThat(answer.header("X-New")).isEqualTo("1");
        assertThat(answer.body()).isEqualTo("sorry");
    }

    @Test
    void excInfoIsThrownOnceTheHeadersAreOut() throws Exception {
        Application application =
                (environ, startResponse) -> {
                    startResponse.start("200 OK", Apps.TEXT).write(Apps.bytes("begun"));
                    startResponse.start("500 Oops", Apps.TEXT, new IOException("no database"));
                    return Apps.list("never");
                };
        try (var log = LogRecorder.of(Http1.class);
                var site = new Site(Wsgi.handler(application));
                var socket = site.connect()) {
            Site.send(socket, GET);
            assertThat(Site.readToTheEnd(socket))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("5\r\nbegun\r\n");
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("no database");
        }
    }

    @Test
    void bodyWithoutAStartIsAnError() throws Exception {
        String expected = "expected the application to call startResponse";
        assertThat(failure((environ, startResponse) -> Apps.list("x"))).contains(expected);
        assertThat(failure((environ, startResponse) -> List.of())).contains(expected);
        assertThat(failure((environ, startResponse) -> Apps.iterator("x"))).contains(expected);
        assertThat(failure((environ, startResponse) -> Apps.iterator())).contains(expected);
    }

    @Test
    void iteratorMayStartAtItsFirstStep() throws Exception {
        class Late implements Iterator<byte[]> {
            private final StartResponse startResponse;
            private boolean started;

            Late(StartResponse startResponse) {
                this.startResponse = startResponse;
            }

            @Override
            public boolean hasNext() {
                return !started;
            }

            @Override
            public byte[] next() {
                try {
                    started = true;
                    startResponse.start("202 Accepted", Apps.TEXT);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return Apps.bytes("x");
            }
        }
        var answer = answer((environ, startResponse) -> () -> new Late(startResponse));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("x");
    }

    @Test
    void headersWaitForTheFirstByte() throws Exception {
        var answer =
                answer(
                        (environ, startResponse) -> {
                            Write write = startResponse.start("200 OK", Apps.TEXT);
                            write.write(new byte[0]);
                            startResponse.start("418 Teapot", Apps.TEXT, new IOException());
                            return Apps.list("x");
                        });
        assertThat(answer.status()).isEqualTo(418);
    }

    @Test
    void writtenComesBeforeReturned() throws Exception {
        var answer =
                answer(
                        (environ, startResponse) -> {
                            Write write = startResponse.start("200 OK", Apps.TEXT);
                            byte[] bytes = Apps.bytes("one");
                            write.write(bytes);
                            bytes[0] = '?';
                            write.write(Apps.bytes("two"));
                            return Apps.list("three");
                        });
        assertThat(answer.framed()).isEqualTo("3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n");
    }

    @Test
    void writtenCountsForTheLength() throws Exception {
        var answer =
                answer(
                        (environ, startResponse) -> {
                            startResponse
                                    .start("200 OK", List.of(Map.entry("Content-Length", "8")))
                                    .write(Apps.bytes("one"));
                            return Apps.list("three");
                        });
        assertThat(answer.framed()).isEqualTo("onethree");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "200OK",
                "OK",
                "2000 OK",
                "20 OK",
                "200 OK\r\nX: y",
                "200 \u0000",
                "200 \t",
                "200 caf\u00e9",
                "99 "
            })
    void malformedStatusIsRefused(String status) throws Exception {
        assertThat(failure(Apps.answering(status, Apps.TEXT, Apps.list("x"))))
                .contains("expected a status like '200 OK'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "600 Beyond"})
    void statusThatIsNotFinalIsRefused(String status) throws Exception {
        assertThat(failure(Apps.answering(status, Apps.TEXT, Apps.list("x"))))
                .contains("expected a status of 200 to 599");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\rb", "a\nb", "a\u0000b", "a\r\n b", "a\u0007", "\u20ac"})
    void headerValueThatSplitsOrIsNotLatinIsRefused(String value) throws Exception {
        Application application =
                (environ, startResponse) -> {
                    assertThatThrownBy(
                                    () ->
                                            startResponse.start(
                                                    "200 OK",
                                                    List.of(
                                                            Map.entry("X-Good", "1"),
                                                            Map.entry("X-Bad", value))))
                            .isInstanceOf(IllegalArgumentException.class);
                    startResponse.start("409 Conflict", Apps.TEXT); // nothing was started
                    return Apps.list("refused");
                };
        var answer = answer(application);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.header("X-Good")).isNull();
        assertThat(answer.body()).isEqualTo("refused");
        // and an application that does not look gets a 500
        failure(Apps.returning(List.of(Map.entry("X-Bad", value)), Apps.list("x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:b", "a\r\nb", "", "caf\u00e9", "a\u0000"})
    void headerNameThatIsNoTokenIsRefused(String name) throws Exception {
        failure(Apps.returning(List.of(Map.entry(name, "1")), Apps.list("x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding", "upgrade", "Keep-Alive", "TE", "Trailer"})
    void headerOfTheServerIsRefused(String name) throws Exception {
        assertThat(failure(Apps.returning(List.of(Map.entry(name, "chunked")), Apps.list("x"))))
                .contains("leave it to the server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", "1,1", "0x1", "", "1 ", "1234567890123456789"})
    void malformedLengthIsRefused(String length) throws Exception {
        failure(Apps.returning(List.of(Map.entry("Content-Length", length)), Apps.list("x")));
    }

    @Test
    void secondLengthIsRefused() throws Exception {
        assertThat(
                        failure(
                                Apps.returning(
                                        List.of(
                                                Map.entry("Content-Length", "1"),
                                                Map.entry("content-length", "1")),
                                        Apps.list("x"))))
                .contains("expected one Content-Length");
    }
}
