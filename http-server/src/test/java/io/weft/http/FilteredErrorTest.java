package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.h1.Http1;
import io.weft.http.testing.Answer;
import io.weft.http.wsgi.Application;
import io.weft.http.wsgi.Wsgi;
import io.weft.testing.LogRecorder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What filters have set is in every answer behind them; what the handler had begun is not. */
class FilteredErrorTest {
    private static final Filter CORS =
            (request, response, next) -> {
                response.header("Access-Control-Allow-Origin", "*").header("X-Request-Id", "7");
                next.handle(request, response);
            };

    private final LogRecorder log = LogRecorder.of(Http1.class);

    @AfterEach
    void restoreLog() {
        log.close();
    }

    private static Answer get(Handler handler) throws Exception {
        try (var raw = new Raw(handler)) {
            return raw.get("/");
        }
    }

    private static void assertStays(int status, Handler behind) throws Exception {
        var answer = get(CORS.before(behind));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.head.lines())
                .containsOnlyOnce("Access-Control-Allow-Origin: *", "X-Request-Id: 7")
                .noneMatch(line -> line.startsWith("X-Half"));
    }

    private static void half(Response response) {
        response.status(201).header("X-Half", "done").header("Cache-Control", "max-age=60");
    }

    @Test
    void staysOnWhatNoRouteFits() throws Exception {
        assertStays(404, new Router().get("/other", (request, response) -> response.send()));
        assertStays(405, new Router().post("/", (request, response) -> response.send()));
    }

    @Test
    void staysOnAFailure() throws Exception {
        assertStays(
                500,
                (request, response) -> {
                    half(response);
                    throw new IllegalStateException("broken");
                });
        assertStays(
                500,
                (request, response) -> {
                    half(response);
                    response.upgrade(new Upgrade() {});
                    throw new IllegalStateException("broken");
                });
    }

    @Test
    void staysOnAnHttpException() throws Exception {
        assertStays(
                403,
                (request, response) -> {
                    half(response);
                    throw new HttpException(403, "no");
                });
    }

    @Test
    void staysOnTheRequestTimesEnd() throws Exception {
        try (var raw =
                new Raw(
                        CORS.before((request, response) -> Thread.sleep(Duration.ofHours(1))),
                        builder ->
                                builder.limits(
                                        Limits.DEFAULT.requestTime(Duration.ofMillis(20))))) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("X-Request-Id")).isEqualTo("7");
        }
    }

    @Test
    void staysWhenAnInnerFilterRefusesOrRescues() throws Exception {
        Filter guard =
                (request, response, next) -> {
                    response.header("X-Guard", "on duty");
                    throw new HttpException(401, "who are you?");
                };
        assertStays(401, guard.before((request, response) -> half(response)));
        assertThat(get(guard.before((request, response) -> {})).header("X-Guard"))
                .isEqualTo("on duty");
        Filter rescue =
                (request, response, next) -> {
                    try {
                        next.handle(request, response);
                    } catch (IllegalStateException e) {
                        response.reset().status(503).send("later");
                    }
                };
        assertStays(
                503,
                rescue.before(
                        (request, response) -> {
                            half(response);
                            throw new IllegalStateException("broken");
                        }));
    }

    @Test
    void filterOfARouteCounts() throws Exception {
        Handler failing =
                (request, response) -> {
                    half(response);
                    throw new IllegalStateException("broken");
                };
        Filter own =
                (request, response, next) -> {
                    response.header("X-Route", "a");
                    next.handle(request, response);
                };
        var router = new Router().get("/", own.before(failing));
        assertStays(500, router);
        assertThat(get(CORS.before(router)).header("X-Route")).isEqualTo("a");
    }

    @Test
    void whatDescribesTheLostContentGoes() throws Exception {
        Filter all =
                (request, response, next) -> {
                    response.header("Content-Type", "application/json")
                            .header("Content-Language", "de")
                            .header("Content-Length", "5")
                            .header("ETag", "\"1\"")
                            .header("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT")
                            .header("Expires", "Tue, 15 Nov 2094 12:45:26 GMT")
                            .header("Cache-Control", "public, max-age=60")
                            .header("Content-Security-Policy", "default-src 'self'")
                            .header("Vary", "Origin")
                            .header("Set-Cookie", "a=b");
                    next.handle(request, response);
                };
        var answer =
                get(
                        all.before(
                                (request, response) -> {
                                    throw new HttpException(400, "no");
                                }));
        assertThat(answer.body()).isEqualTo("400 no\n");
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        for (String gone :
                List.of("Content-Language", "ETag", "Last-Modified", "Expires", "Cache-Control")) {
            assertThat(answer.header(gone)).as(gone).isNull();
        }
        assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'self'");
        assertThat(answer.header("Vary")).isEqualTo("Origin");
        assertThat(answer.header("Set-Cookie")).isEqualTo("a=b");
    }

    @Test
    void whatForbidsToKeepAnAnswerForbidsItOfAnErrorToo() throws Exception {
        Filter secret =
                (request, response, next) -> {
                    response.header("Cache-Control", "private, no-store");
                    next.handle(request, response);
                };
        var answer =
                get(
                        secret.before(
                                (request, response) -> {
                                    throw new HttpException(404, "no");
                                }));
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
    }

    private static Application saying(String status, @Nullable Exception first) {
        return (environ, start) -> {
            if (first != null) {
                start.start("200 OK", List.of(Map.entry("X-Half", "done")));
            }
            start.start(status, List.of(Map.entry("X-Own", "1")), first);
            return List.of();
        };
    }

    @Test
    void staysOnWhatAnApplicationAnswers() throws Exception {
        assertStays(200, Wsgi.handler(saying("200 OK", null)));
        assertStays(404, Wsgi.handler(saying("404 Not Found", null)));
        assertStays(500, Wsgi.handler(saying("500 Oops", new IllegalStateException("x"))));
        assertStays(404, Wsgi.handler(saying("200 OK", null)).scriptName("/shop"));
        assertStays(
                500,
                Wsgi.handler(
                        (environ, start) -> {
                            start.start("200 OK", List.of(Map.entry("X-Half", "done")));
                            throw new IllegalStateException("broken");
                        }));
        assertStays(
                500,
                Wsgi.handler(
                        (environ, start) -> {
                            start.start("200 OK", List.of(Map.entry("X-Half", "a\nb")));
                            return List.of();
                        }));
    }

    @Test
    void applicationHasTheLastWord() throws Exception {
        Filter defaults =
                (request, response, next) -> {
                    response.header("Cache-Control", "no-cache").header("Vary", "Origin");
                    next.handle(request, response);
                };
        Application application =
                (environ, start) -> {
                    start.start(
                            "200 OK",
                            List.of(
                                    Map.entry("cache-control", "max-age=1"),
                                    Map.entry("Vary", "Cookie"),
                                    Map.entry("X-A", "1"),
                                    Map.entry("X-A", "2")));
                    return List.of();
                };
        assertThat(get(defaults.before(Wsgi.handler(application))).head.lines())
                .contains("cache-control: max-age=1", "Vary: Origin", "Vary: Cookie")
                .contains("X-A: 1", "X-A: 2")
                .doesNotContain("Cache-Control: no-cache");
    }
}
