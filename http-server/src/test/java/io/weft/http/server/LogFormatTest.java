package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.Handler;
import io.weft.http.h1.Http1;
import io.weft.http.testing.Site;
import io.weft.http.wsgi.Wsgi;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Lines of the access log, of real requests with a time of the test's. */
class LogFormatTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-03-09T04:05:06.789Z"), ZoneId.of("Asia/Kolkata"));
    private static final long NANOS = 2_034_567_891L;
    private static final Handler HELLO = (request, response) -> response.send("Hello, World!");

    private static String line(LogFormat format, Handler handler, String request) throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (var site =
                new Site(
                        handler,
                        builder ->
                                builder.log(
                                        (asked, answered, nanos) -> {
                                            var entry = new Answered(asked, answered, NANOS, CLOCK);
                                            lines.add(format.line(entry).toString());
                                        }))) {
            site.ask(request);
            String line = lines.poll(Site.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(line).isNotNull();
            return line;
        }
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + String.join("", headers) + "\r\n";
    }

    @Test
    void pywsgi() throws Exception {
        assertThat(line(LogFormat.PYWSGI, HELLO, get("/a?b=c")))
                .isEqualTo(
                        "127.0.0.1 - - [2026-03-09 09:35:06] \"GET /a?b=c HTTP/1.1\" 200 13"
                                + " 2.034567");
    }

    @Test
    void common() throws Exception {
        String basic = "Authorization: Basic " + base64("joe:sesame") + "\r\n";
        assertThat(line(LogFormat.COMMON, HELLO, get("/", basic)))
                .isEqualTo(
                        "127.0.0.1 - joe [09/Mar/2026:09:35:06 +0530] \"GET / HTTP/1.1\" 200 13");
    }

    private static String base64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return java.util.Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void combined() throws Exception {
        String headers = "Referer: http://b/\r\nUser-Agent: curl/8\r\n";
        assertThat(line(LogFormat.COMBINED, HELLO, get("/", headers)))
                .isEqualTo(
                        "127.0.0.1 - - [09/Mar/2026:09:35:06 +0530] \"GET / HTTP/1.1\" 200 13"
                                + " \"http://b/\" \"curl/8\"");
    }

    @Test
    void whatIsNotKnownIsADash() throws Exception {
        assertThat(
                        line(
                                LogFormat.COMBINED,
                                (request, response) -> response.status(204).send(),
                                "POST / HTTP/1.0\r\n\r\n"))
                .isEqualTo(
                        "127.0.0.1 - - [09/Mar/2026:09:35:06 +0530] \"POST / HTTP/1.0\" 204 -"
                                + " \"-\" \"-\"");
    }

    @Test
    void everyAtom() throws Exception {
        var format =
                LogFormat.of(
                        "%(h)s|%(l)s|%(u)s|%(t)s|%(r)s|%(s)s|%(m)s|%(U)s|%(q)s|%(H)s|%(B)d|%(b)s"
                                + "|%(f)s|%(a)s|%(T)d|%(M)d|%(D)s|%(L)s|%(p)s|100%%");
        String line = line(format, HELLO, get("/x%20y?q=1", "Referer: r\r\nUser-Agent: u\r\n"));
        assertThat(line)
                .isEqualTo(
                        "127.0.0.1|-|-|[09/Mar/2026:09:35:06 +0530]|GET /x%20y?q=1 HTTP/1.1|200"
                                + "|GET|/x%20y|q=1|HTTP/1.1|13|13|r|u|2|2034|2034567|2.034567|<"
                                + ProcessHandle.current().pid()
                                + ">|100%");
    }

    @Test
    void nothingSentIsZeroOrADash() throws Exception {
        var format = LogFormat.of("%(B)s %(b)s %(q)s.");
        assertThat(line(format, HELLO, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo("0 - .");
    }

    @Test
    void headersOfBothSides() throws Exception {
        var format =
                LogFormat.of("%({x-one}i)s %({X-TWO}i)s %({none}i)s %({x-out}o)s %({server}o)s");
        Handler handler = (request, response) -> response.header("X-Out", "o").send("x");
        String headers = "X-One: 1\r\nX-Two: a\r\nX-Two: b\r\n";
        assertThat(line(format, handler, get("/", headers))).isEqualTo("1 a,b - o weft");
    }

    @Test
    void headersOfAnErrorAreThoseThatWereSent() throws Exception {
        var format = LogFormat.of("%(s)s %(B)s %({content-type}o)s %({x-out}o)s");
        Handler handler =
                (request, response) -> {
                    response.header("X-Out", "o");
                    throw new IllegalStateException("expected here");
                };
        try (var log = LogRecorder.of(Http1.class)) {
            assertThat(line(format, handler, get("/")))
                    .isEqualTo("500 32 text/plain; charset=utf-8 -");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void attributesAndTheEnvironOfWsgi() throws Exception {
        var format = LogFormat.of("%({REMOTE_USER}e)s %({path_info}e)s %({shop.id}e)s %({none}e)s");
        Handler wsgi =
                Wsgi.handler(
                        (environ, startResponse) -> {
                            environ.put("REMOTE_USER", "joe");
                            startResponse.start("200 OK", List.of(Map.entry("A", "b")));
                            return List.of();
                        });
        Handler handler =
                (request, response) -> {
                    request.attributes().put("shop.id", 7);
                    wsgi.handle(request, response);
                };
        assertThat(line(format, handler, get("/p%41th"))).isEqualTo("joe /pAth 7 -");
        assertThat(line(format, HELLO, get("/"))).isEqualTo("- - - -");
    }

    @Test
    void valuesCannotLeaveTheirPlaceInTheLine() throws Exception {
        String agent = "User-Agent: a\"b\\c\td\u00e9\u0085\r\n";
        String basic =
                "Authorization: Basic " + base64("x\n127.0.0.1 - \u20ac\u001b[2J:y") + "\r\n";
        assertThat(line(LogFormat.of("\"%(a)s\" %(u)s"), HELLO, get("/", agent, basic)))
                .isEqualTo(
                        "\"a\\\"b\\\\c\\x09d\\xe9\\x85\""
                                + " x\\x0a127.0.0.1\\x20-\\x20\\u20ac\\x1b[2J");
        assertThat(line(LogFormat.of("%(r)s"), HELLO, get("/\"\\x0a%0d%0a\u00ff")))
                .isEqualTo("GET /\\\"\\\\x0a%0d%0a\\xff HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "Basic am9l, ", // no colon
        "Basic %%%, ",
        "Basic, ",
        "Bearer am9lOng=, ",
        "basic   am9lOng= , joe",
        "Basic Ong=, ''",
    })
    void userIsThatOfBasicAuthentication(String header, String user) {
        assertThat(LogAtoms.user(header)).isEqualTo(user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%(x)s", "%({a}x)s", "%({}i)s", "%({ai)s", "%()s", "%(h)", "%(h", "%h", "%"})
    void malformedFormatIsRefused(String pattern) {
        assertThatThrownBy(() -> LogFormat.of("a " + pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected ");
    }
}
