package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.weft.http.server.AccessLog;
import io.weft.http.server.LogFormat;
import io.weft.http.server.TrustedProxies;
import io.weft.http.testing.Site;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** What an application is told of a request. */
class EnvironTest {
    @TempDir Path folder;
    private final AtomicReference<Map<String, Object>> seen = new AtomicReference<>();
    private String port = "";

    private Map<String, Object> environ(String request) throws IOException {
        return environ(request, wsgi -> wsgi);
    }

    private Map<String, Object> environ(String request, UnaryOperator<Wsgi> settings)
            throws IOException {
        assertThat(status(request, settings)).isEqualTo(204);
        return seen.get();
    }

    private int status(String request, UnaryOperator<Wsgi> settings) throws IOException {
        Application application =
                (environ, startResponse) -> {
                    seen.set(environ);
                    startResponse.start("204 No Content", Apps.NO_HEADERS);
                    return List.of();
                };
        try (var site = new Site(settings.apply(Wsgi.handler(application)))) {
            port = Integer.toString(site.port());
            return site.ask(request).status();
        }
    }

    private static String get(String target, String... headers) {
        return "GET "
                + target
                + " HTTP/1.1\r\nHost: localhost:8000\r\n"
                + String.join("", headers)
                + "\r\n";
    }

    @Test
    void hasWhatPep3333AsksFor() throws Exception {
        var environ =
                environ(
                        String.join(
                                "\r\n",
                                "POST /a/b?c=d&e=%20 HTTP/1.1",
                                "Host: localhost:8000",
                                "Content-Type: text/plain",
                                "Content-Length: 2",
                                "X-Forwarded-Proto: gopher",
                                "",
                                "hi"));
        assertThat(environ)
                .contains(
                        entry("REQUEST_METHOD", "POST"),
                        entry("SCRIPT_NAME", ""),
                        entry("PATH_INFO", "/a/b"),
                        entry("QUERY_STRING", "c=d&e=%20"),
                        entry("CONTENT_TYPE", "text/plain"),
                        entry("CONTENT_LENGTH", "2"),
                        entry("SERVER_NAME", "127.0.0.1"),
                        entry("SERVER_PORT", port),
                        entry("SERVER_PROTOCOL", "HTTP/1.1"),
                        entry("GATEWAY_INTERFACE", "CGI/1.1"),
                        entry("REMOTE_ADDR", "127.0.0.1"),
                        entry("HTTP_HOST", "localhost:8000"),
                        entry("HTTP_X_FORWARDED_PROTO", "gopher"),
                        entry("wsgi.version", List.of(1, 0)),
                        entry("wsgi.url_scheme", "http"),
                        entry("wsgi.multithread", true),
                        entry("wsgi.multiprocess", false),
                        entry("wsgi.run_once", false),
                        entry("wsgi.input_terminated", true))
                .doesNotContainKeys("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH");
        assertThat((String) environ.get("SERVER_SOFTWARE")).startsWith("weft");
        assertThat((String) environ.get("REMOTE_PORT")).matches("[1-9][0-9]*");
        assertThat(environ.get("wsgi.input")).isInstanceOf(Input.class);
        assertThat(environ.get("wsgi.errors")).isInstanceOf(java.io.PrintWriter.class);
    }

    @Test
    void hasNoTypeAndNoLengthThatTheClientDidNotSend() throws Exception {
        var environ = environ("GET / HTTP/1.0\r\n\r\n");
        assertThat(environ)
                .contains(entry("QUERY_STRING", ""), entry("SERVER_PROTOCOL", "HTTP/1.0"))
                .doesNotContainKeys("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_HOST");
    }

    @ParameterizedTest
    @CsvSource({
        "/%41, /A",
        "/caf%C3%A9, /caf\u00c3\u00a9", // bytes, not letters
        "/a%2fb%3f, /a%2Fb?", // not one more segment
        "/%2541, /%41", // once
        "http://other.example/x?y, /x",
        "*, *",
    })
    void pathIsDecodedAsLatin1(String target, String path) throws Exception {
        String method = target.equals("*") ? "OPTIONS" : "GET";
        assertThat(environ(get(target).replace("GET", method))).containsEntry("PATH_INFO", path);
    }

    /** As by routes and files. */
    @ParameterizedTest
    @CsvSource({
        "/%, 400",
        "/%4, 400",
        "/%zz%41, 400",
        "/%ff, 400",
        "/shop/../x, 404",
        "/shop/%2e%2E/x, 404",
        "/shop/..%2fx, 404",
        "/shop/..%5Cx, 404",
        "//shop, 404",
        "/shop//x, 404",
        "/x%00, 404",
    })
    void pathThatNothingHasIsRefused(String target, int status) throws Exception {
        assertThat(status(get(target), wsgi -> wsgi)).isEqualTo(status);
        assertThat(seen).hasNullValue();
    }

    @Test
    void scriptNameMayHaveLetters() throws Exception {
        String shop = "/K\u00e4se";
        assertThat(environ(get("/K%C3%A4se/x"), wsgi -> wsgi.scriptName(shop)))
                .contains(entry("SCRIPT_NAME", "/K\u00c3\u00a4se"), entry("PATH_INFO", "/x"));
    }

    @Test
    void hostIsTheOneThatTheTargetNames() throws Exception {
        String request = "GET http://real.example:81/x HTTP/1.1\r\nHost: evil.example\r\n\r\n";
        assertThat(environ(request)).containsEntry("HTTP_HOST", "real.example:81");
        assertThat(environ("GET http://real.example/ HTTP/1.0\r\n\r\n"))
                .containsEntry("HTTP_HOST", "real.example");
    }

    /** As everywhere where addresses are shown (RFC 5952). */
    @Test
    void longAddressIsWrittenShort() throws Exception {
        Application application =
                (environ, startResponse) -> {
                    seen.set(environ);
                    startResponse.start("204 No Content", Apps.NO_HEADERS);
                    return List.of();
                };
        var proxies = TrustedProxies.of(List.of("*"));
        try (var log = AccessLog.to(folder.resolve("log"), LogFormat.of("%(h)s"));
                var site =
                        new Site(
                                Wsgi.handler(application),
                                builder -> builder.clients(proxies).log(log))) {
            site.get("/", "X-Forwarded-For: 2001:DB8:0:0:0:0:0:1\r\n");
        }
        assertThat(seen.get()).containsEntry("REMOTE_ADDR", "2001:db8::1");
        assertThat(folder.resolve("log")).hasContent("2001:db8::1\n");
    }

    @Test
    void repeatedHeadersAreJoined() throws Exception {
        var environ =
                environ(
                        get(
                                "/",
                                "X-Many: a\r\nx-many: b, c\r\nX-MANY: d\r\n",
                                "Cookie: a=1; b=2\r\nCookie: c=3\r\n"));
        assertThat(environ)
                .contains(entry("HTTP_X_MANY", "a,b, c,d"), entry("HTTP_COOKIE", "a=1; b=2; c=3"));
    }

    @Test
    void headersWithAnUnderscoreAreDropped() throws Exception {
        String spoofed = "X-Real_User: root\r\nX_Real_User: root\r\n";
        assertThat(environ(get("/", spoofed))).doesNotContainKey("HTTP_X_REAL_USER");
        assertThat(environ(get("/", spoofed, "X-Real-User: joe\r\n")))
                .containsEntry("HTTP_X_REAL_USER", "joe");
        assertThat(environ(get("/", "Content_Length: 7\r\n"))).doesNotContainKey("CONTENT_LENGTH");
    }

    @Test
    void headersWithAnUnderscoreAreRefusedIfSoToldAndTheApplicationIsNotCalled() throws Exception {
        UnaryOperator<Wsgi> refuse = wsgi -> wsgi.headerMap(HeaderMap.REFUSE);
        assertThat(status(get("/", "X_Real_User: root\r\n"), refuse)).isEqualTo(400);
        assertThat(seen).hasNullValue();
        assertThat(status(get("/", "X-Real-User: joe\r\n"), refuse)).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"/shop, ''", "/shop/, /", "/shop/a%20b, /a b", "/sh%6fp/x, /x"})
    void scriptNameIsTakenFromThePath(String target, String path) throws Exception {
        assertThat(environ(get(target), wsgi -> wsgi.scriptName("/shop")))
                .contains(entry("SCRIPT_NAME", "/shop"), entry("PATH_INFO", path));
    }

    @ParameterizedTest
    @CsvSource({"/", "/shopping", "/x/shop"})
    void whatIsNotUnderTheScriptNameIsNotFound(String target) throws Exception {
        assertThat(status(get(target), wsgi -> wsgi.scriptName("/shop"))).isEqualTo(404);
        assertThat(seen).hasNullValue();
    }

    @Test
    void malformedScriptNameIsRefused() {
        var wsgi = Wsgi.handler(Apps.returning(Apps.TEXT, List.of()));
        for (String prefix : new String[] {"shop", "/shop/", "/"}) {
            assertThatThrownBy(() -> wsgi.scriptName(prefix))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + prefix + "'");
        }
    }

    @Test
    void entriesOfTheServerGoFirst() throws Exception {
        assertThat(
                        environ(
                                get("/"),
                                wsgi ->
                                        wsgi.environ("SERVER_NAME", "weft.example")
                                                .environ("shop.database", 42)))
                .contains(entry("SERVER_NAME", "weft.example"), entry("shop.database", 42));
    }

    @Test
    void eachRequestHasItsOwn() throws Exception {
        environ(get("/")).put("scratch", 1);
        assertThat(environ(get("/"))).doesNotContainKey("scratch");
    }

    @Test
    void secureFormMasksValues() throws Exception {
        var environ =
                environ(
                        get("/?token=sesame", "Cookie: id=sesame\r\n", "Authorization: sesame\r\n"),
                        Wsgi::secure);
        assertThat(environ)
                .isInstanceOf(SecureEnviron.class)
                .contains(entry("HTTP_COOKIE", "id=sesame"), entry("PATH_INFO", "/"));
        assertThat(environ.toString())
                .doesNotContain("sesame")
                .matches(
                        "\\{REMOTE_ADDR=127.0.0.1, REMOTE_PORT=\\d+, HTTP_HOST=localhost:8000,"
                                + " \\(hidden keys: \\d+\\)}");
    }

    @Test
    void secureFormIsAMapAsAnyOther() {
        var environ = new SecureEnviron(Map.of("a", "1"));
        environ.put("b", 2);
        assertThat(environ.remove("a")).isEqualTo("1");
        assertThat(environ).containsExactly(entry("b", 2)).isEqualTo(Map.of("b", 2));
        assertThat(environ).hasToString("{(hidden keys: 1)}");
    }
}
