package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.testing.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                                .get("/files/{path...}", show)
                                .get("/K\u00e4se", (request, response) -> response.send("cheese"))
                                .get("/a b", (request, response) -> response.send("blank"))
                                .get("/in%7Bbraces%7d", show)
                                .get("/50%", show)
                                .get("/{id}.json", show)
                                .get("/v{n}/all", show)
                                .get("/{year}-report.pdf", show));
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
                "GET    | /files/a%20b/%3F   | GET {path=a b/?}",
                "GET    | /files/a%2fb/c     | GET {path=a%2Fb/c}",
                "GET    | /%75sers/m%65      | me",
                "GET    | /K%C3%A4se         | cheese",
                "GET    | /K%c3%a4s%65       | cheese",
                "GET    | /K\u00c3\u00a4se   | cheese",
                "GET    | /a%20b             | blank",
                "GET    | /in%7bbraces%7D    | GET {}",
                "GET    | /50%25             | GET {}",
                "GET    | /7.json            | GET {id=7}",
                "GET    | /7%2Ejson          | GET {id=7}",
                "GET    | /a.json.json       | GET {id=a.json}",
                "GET    | /v2/all            | GET {n=2}",
                "GET    | /2026-report.pdf   | GET {year=2026}",
            })
    void findsTheHandler(String method, String target, String answer) throws Exception {
        assertThat(ask(method, target).body()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing",
        "/users/",
        "/users/a/b",
        "/any/1",
        "/Users/me",
        "//",
        "/.json",
        "/v/all",
        "/v2",
        "/a+b",
        "/users%2Fme",
        "/7.JSON",
    })
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
    @CsvSource({"/users/%", "/users/%4", "/users/%zz", "/users/%ff", "/%", "/none/%+1", "/\u00ff"})
    void malformedEscapeIsABadRequest(String target) throws Exception {
        assertThat(ask("GET", target).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "/{a...}/tail",
                "/{a...}x",
                "/x{a...}",
                "/{}",
                "/{...}",
                "/{a b}",
                "/{a/b}",
                "/{id:[0-9]+}",
                "/{a}{b}",
                "/{a}-{b}",
                "/{a}/{a}",
                "/{a}/{a...}",
                "/{a",
                "/a}",
                "/}a{",
                "/{{a}}",
                "/a//b",
                "//a",
                "/a/../b",
                "/./a",
                "/%2e%2e/a",
                "/a\0",
                "/a?b=c",
                "/a#b",
            })
    void patternThatNothingFitsIsRefused(String pattern) {
        assertThatThrownBy(() -> new Router().get(pattern, (request, response) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected ")
                .hasMessageEndingWith("'" + pattern + "'");
    }

    /** RFC 9110 section 9.3.7. */
    @Test
    void starIsAnsweredByTheMethodsOfAllRoutes() throws Exception {
        var answer = ask("OPTIONS", "*");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, POST");
    }

    private static Answer ask(String method, String target) throws Exception {
        return raw.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n\r\n").answer(method);
    }
}
