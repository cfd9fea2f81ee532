package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.http.Cookie;
import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.Reply;
import io.weft.http.ReplyHandler;
import io.weft.http.testing.Answer;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** What goes back: framing, bodies that are not sent, heads that must not be. */
class AnswerTest {
    @Test
    void wholeOneHasItsLength() throws Exception {
        try (var raw = new Raw((request, response) -> response.send("h\u00e9llo"))) {
            var answer = raw.get("/");
            assertThat(answer.head).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(answer.header("content-length")).isEqualTo("6");
            assertThat(answer.header("content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(answer.header("date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT");
            assertThat(answer.header("server")).isEqualTo("weft");
        }
    }

    /** It is written once a second, and not for each answer. */
    @Test
    void dateGoesOn() throws Exception {
        try (var raw = new Raw((request, response) -> response.send("done"))) {
            Instant first = date(raw.get("/"));
            await().atMost(Raw.PATIENCE).until(() -> date(raw.get("/")).isAfter(first));
        }
    }

    private static Instant date(Answer answer) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.header("date"), Instant::from);
    }

    @Test
    void emptyOneHasTheLengthZero() throws Exception {
        try (var raw = new Raw((request, response) -> response.status(201))) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.header("content-length")).isEqualTo("0");
        }
    }

    @Test
    void streamedOneIsChunkedAsItWasWritten() throws Exception {
        Handler stream =
                (request, response) -> {
                    var out = response.body();
                    out.write("one".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    out.write("three".getBytes(StandardCharsets.UTF_8));
                    response.trailers().set("X-Sum", "8");
                };
        try (var raw = new Raw(stream)) {
            var answer = raw.get("/");
            assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(answer.chunks).containsExactly("one", "three");
            assertThat(answer.trailers).containsExactly("X-Sum: 8");
            assertThat(raw.get("/").body()).isEqualTo("onethree");
        }
    }

    @Test
    void streamedOneToAnOldClientEndsWithTheConnection() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            response.body().write('a');
                            response.body().write('b');
                        })) {
            var answer = raw.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").answer();
            assertThat(answer.header("transfer-encoding")).isNull();
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.body()).isEqualTo("ab");
        }
    }

    @Test
    void ownLengthIsKept() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            response.header("Content-Length", "2");
                            response.body().write('a');
                            response.body().write('b');
                        })) {
            var answer = raw.get("/");
            assertThat(answer.header("content-length")).isEqualTo("2");
            assertThat(answer.header("transfer-encoding")).isNull();
            assertThat(answer.body()).isEqualTo("ab");
        }
    }

    @Test
    void moreThanTheOwnLengthNeverGoesOut() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> {
                                    response.header("Content-Length", "2");
                                    response.body().write(new byte[] {'a', 'b'});
                                    response.body().write('c');
                                })) {
            raw.sendGet("/");
            assertThat(raw.rest()).endsWith("\r\n\r\nab");
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("announced 2 bytes");
        }
    }

    @Test
    void lessThanTheOwnLengthCutsTheConnection() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> {
                                    response.header("Content-Length", "3");
                                    response.body().write('a');
                                })) {
            raw.sendGet("/");
            assertThat(raw.rest()).endsWith("\r\n\r\na");
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("wrote 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "stream", "file"})
    void headHasTheHeadersAndNoBody(String form, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "hello");
        try (var raw =
                new Raw(
                        (request, response) -> {
                            switch (form) {
                                case "whole" -> response.send("hello");
                                case "file" -> response.sendFile(file);
                                default ->
                                        response.body()
                                                .write("hello".getBytes(StandardCharsets.UTF_8));
                            }
                        })) {
            for (int i = 0; i < 2; i++) {
                var answer = raw.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n").answer("HEAD");
                assertThat(answer.header("content-length"))
                        .isEqualTo(form.equals("stream") ? null : "5");
                assertThat(answer.header("transfer-encoding"))
                        .isEqualTo(form.equals("stream") ? "chunked" : null);
            }
            assertThat(raw.get("/").body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusWithoutABodyHasNoneWhateverIsWritten(int status) throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            if (request.path().equals("/whole")) {
                                response.status(status).send("hello");
                            } else {
                                response.status(status).body().write('x');
                            }
                        })) {
            for (String path : new String[] {"/whole", "/stream", "/whole"}) {
                var answer = raw.get(path);
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.header("content-length")).isNull();
                assertThat(answer.header("transfer-encoding")).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\u0000b"})
    void headerWithALineBreakIsRefused(String value) throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw((request, response) -> response.header("X-Bad", value))) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.head).doesNotContain("X-Bad").doesNotContain("Set-Cookie");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a b", "a:", "", "a\u0000"})
    void headerNameThatIsNoTokenIsRefused(String name) throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> {
                                    if (request.path().equals("/trailer")) {
                                        response.trailers().set(name, "x");
                                    }
                                    response.header(name, "x");
                                })) {
            assertThat(raw.get("/").status()).isEqualTo(500);
            assertThat(raw.get("/trailer").status()).isEqualTo(500);
            assertThat(log.awaitMessages(2)).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: b", "a; Domain=other", "a,b", "\u0000"})
    void cookieCannotBringMoreThanItself(String value) throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw((request, response) -> response.cookie(Cookie.of("a", value)))) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.head).doesNotContain("Set-Cookie");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: b", "a\nb"})
    void trailerWithALineBreakIsRefused(String value) throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw((request, response) -> response.trailers().set("X-Sum", value))) {
            assertThat(raw.get("/").status()).isEqualTo(500);
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void fileIsSentInPart(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (var raw = new Raw((request, response) -> response.sendFile(file, 2, 5))) {
            assertThat(raw.get("/").body()).isEqualTo("23456");
            assertThat(raw.get("/").body()).isEqualTo("23456");
        }
    }

    @Test
    void replyIsAValue() throws Exception {
        ReplyHandler handler =
                request -> Reply.json("{\"path\":\"" + request.path() + "\"}").status(202);
        try (var raw = new Raw(handler.asHandler())) {
            var answer = raw.get("/x%20y");
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.body()).isEqualTo("{\"path\":\"/x y\"}");
        }
    }

    @Test
    void cookiesGoBothWays() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) ->
                                response.cookie(Cookie.of("a", "1"))
                                        .cookie(Cookie.forget("b"))
                                        .send(request.cookies().toString()))) {
            raw.send("GET / HTTP/1.1\r\nHost: test\r\nCookie: x=1; y=2; x=3\r\n\r\n");
            var answer = raw.answer();
            assertThat(answer.body()).isEqualTo("{x=1, y=2}");
            assertThat(answer.head.lines().filter(line -> line.startsWith("Set-Cookie")).toList())
                    .hasSize(2)
                    .first()
                    .isEqualTo("Set-Cookie: a=1; Path=/; HTTPOnly; SameSite=Lax");
        }
    }

    @Test
    void cookieSaysHowItIsToBeKept() throws Exception {
        Cookie cookie =
                Cookie.of("a", "1")
                        .path("/b")
                        .domain("example.org")
                        .maxAge(Duration.ofMinutes(1))
                        .secure(true);
        assertThatThrownBy(() -> cookie.sameSite("Sometimes"))
                .isInstanceOf(IllegalArgumentException.class);
        try (var raw = new Raw((request, response) -> response.cookie(cookie).send())) {
            assertThat(raw.get("/").header("Set-Cookie").split("; (Expires=[^;]*; )?"))
                    .containsExactly(
                            "a=1",
                            "Max-Age=60",
                            "Path=/b",
                            "Domain=example.org",
                            "Secure",
                            "HTTPOnly",
                            "SameSite=Lax");
        }
        Cookie open = cookie.httpOnly(false).secure(false).sameSite(null);
        try (var raw = new Raw((request, response) -> response.cookie(open).send())) {
            assertThat(raw.get("/").header("Set-Cookie"))
                    .doesNotContainIgnoringCase("HttpOnly")
                    .doesNotContain("Secure", "SameSite");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a\u0000", "\u001fa\r\n", "a b", "a=b", "\u00e4"})
    void cookieWhoseNameIsNoTokenIsRefused(String name) throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw = new Raw((request, response) -> response.cookie(Cookie.of(name, "1")))) {
            assertThat(raw.get("/").status()).isEqualTo(500);
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void cookieForOtherSitesIsSecure() throws Exception {
        Cookie cookie = Cookie.of("a", "1").sameSite("None");
        Handler handler =
                (request, response) -> {
                    assertThatThrownBy(() -> response.cookie(cookie))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("but a is not");
                    response.cookie(cookie.secure(true)).send();
                };
        try (var raw = new Raw(handler)) {
            assertThat(raw.get("/").header("Set-Cookie")).endsWith("SameSite=None");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "a b.pdf      | filename=\"a b.pdf\"",
                "M\u00fcller.pdf | filename=\"M_ller.pdf\"; filename*=UTF-8''M%C3%BCller.pdf",
                "\u0142\uD83D\uDE00    | filename=\"___\"; filename*=UTF-8''%C5%82%F0%9F%98%80",
                "a\"\\;%41    | filename=\"a__;_41\"; filename*=UTF-8''a%22%5C%3B%2541",
                "'*!          | filename=\"'*!\"",
            })
    void attachmentHasANameOfAnyCharacters(String name, String parameters) throws Exception {
        try (var raw = new Raw((request, response) -> response.attachment(name).send())) {
            assertThat(raw.get("/").header("Content-Disposition"))
                    .isEqualTo("attachment; " + parameters);
        }
    }

    /** A line's end in a name brings no header. */
    @Test
    void attachmentBringsNoMoreThanItself() throws Exception {
        String name = "a\r\nX: b\0";
        try (var raw = new Raw((request, response) -> response.attachment(name).send())) {
            var answer = raw.get("/");
            assertThat(answer.header("X")).isNull();
            assertThat(answer.header("Content-Disposition"))
                    .isEqualTo(
                            "attachment; filename=\"a__X: b_\";"
                                    + " filename*=UTF-8''a%0D%0AX%3A%20b%00");
        }
    }
}
