package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.testing.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private static Raw raw;

    @BeforeAll
    static void serve() throws Exception {
        Handler show =
                (request, response) ->
                        response.send(request.method() + " " + request.pathParameters());
        raw =
                new Raw(
                        new Router()
                                .get("/", show)
                                .get("/users/me", (request, response) -> response.send("me"))
                                .get("/users/{name}", show)
                                .delete("/users/{name}", show)
                                .post("/users", show)
                                .any("/any/{a}/{b}", show)
                                .get("/files/{path...}", show));
    }

    @AfterAll
    static void end() throws Exception {
        raw.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /                  | GET {}",
                "GET    | /?x=1              | GET {}",
                "GET    | http://test/       | GET {}",
                "GET    | /users/me          | me",
                "GET    | /users/you         | GET {name=you}",
                "GET    | /users/a%2Fb%20%C3%A9  | GET {name=a/b \u00c3\u00a9}",
                "DELETE | /users/me          | DELETE {name=me}",
                "POST   | /users             | POST {}",
                "PATCH  | /any/1/2           | PATCH {a=1, b=2}",
                "GET    | /files/a/b/c       | GET {path=a/b/c}",
                "GET    | /files/            | GET {path=}",
            })
    void findsTheHandler(String method, String target, String answer) throws Exception {
        assertThat(ask(method, target).body()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"/nothing", "/users/", "/users/a/b", "/any/1", "/Users/me", "//"})
    void unknownPathIsNotFound(String target) throws Exception {
        assertThat(ask("GET", target).status()).isEqualTo(404);
    }

    @Test
    void unknownMethodIsToldTheOthers() throws Exception {
        var answer = ask("PUT", "/users/you");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
        var options = ask("OPTIONS", "/users");
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("allow")).isEqualTo("OPTIONS, POST");
    }

    @Test
    void headIsAnsweredByGet() throws Exception {
        raw.send("HEAD /users/you HTTP/1.1\r\nHost: test\r\n\r\n");
        assertThat(raw.answer("HEAD").header("content-length")).isEqualTo("15");
    }

    @ParameterizedTest
    @CsvSource({"/users/%", "/users/%4", "/users/%zz", "/users/%ff"})
    void malformedEscapeIsABadRequest(String target) throws Exception {
        assertThat(ask("GET", target).status()).isEqualTo(400);
    }

    @Test
    void patternStartsWithASlash() {
        assertThatThrownBy(() -> new Router().get("x", (request, response) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("starts with a slash");
    }

    private static Answer ask(String method, String target) throws Exception {
        return raw.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n\r\n").answer(method);
    }
}
