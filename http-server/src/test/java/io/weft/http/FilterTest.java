package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.h1.Http1;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What stands before a handler. */
class FilterTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Filter named(String name) {
        return (request, response, next) -> {
            seen.add("before " + name);
            response.headers().add("X-Passed", name);
            request.attributes().put(name, seen.size());
            next.handle(request, response);
            seen.add("after " + name);
        };
    }

    @Test
    void outerOneIsFirstAndLast() throws Exception {
        Handler handler =
                named("outer")
                        .before(
                                named("inner")
                                        .before(
                                                (request, response) -> {
                                                    seen.add("handler " + request.attributes());
                                                    response.send("done");
                                                }));
        try (var raw = new Raw(handler)) {
            var answer = raw.get("/");
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.head.lines()).contains("X-Passed: outer", "X-Passed: inner");
        }
        assertThat(seen)
                .startsWith("before outer", "before inner")
                .endsWith("after inner", "after outer")
                .hasSize(5);
    }

    @Test
    void mayAnswerItself() throws Exception {
        Filter guard =
                (request, response, next) -> {
                    if (request.header("Authorization") == null) {
                        throw new HttpException(401, "who are you?")
                                .header("WWW-Authenticate", "Basic");
                    }
                    next.handle(request, response);
                };
        try (var raw = new Raw(guard.before((request, response) -> response.send("secret")))) {
            var refused = raw.get("/");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).isEqualTo("Basic");
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("secret");
        }
    }

    @Test
    void mayAnswerInPlaceOfAFailure() throws Exception {
        Filter rescue =
                (request, response, next) -> {
                    try {
                        next.handle(request, response);
                    } catch (IllegalStateException e) {
                        response.reset().status(503, "Back soon").send(e.getMessage());
                    }
                };
        Handler failing =
                (request, response) -> {
                    response.status(200).header("X-Half", "done");
                    throw new IllegalStateException("no database");
                };
        try (var raw = new Raw(rescue.before(failing))) {
            var answer = raw.get("/");
            assertThat(answer.head).startsWith("HTTP/1.1 503 Back soon\r\n");
            assertThat(answer.header("x-half")).isNull();
            assertThat(answer.body()).isEqualTo("no database");
        }
    }

    @Test
    void reasonCannotBringHeaders() throws Exception {
        try (var log = LogRecorder.of(Http1.class);
                var raw =
                        new Raw(
                                (request, response) -> {
                                    assertThatThrownBy(() -> response.status(200, "a\r\nX: b"))
                                            .isInstanceOf(IllegalArgumentException.class);
                                    response.status(200, "a\nX: b");
                                })) {
            var answer = raw.get("/");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("x")).isNull();
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }
}
