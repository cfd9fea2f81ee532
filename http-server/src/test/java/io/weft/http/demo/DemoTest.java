package io.weft.http.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** The demo's paths, as clients of httpbin expect them. */
class DemoTest extends DemoSite {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/plaintext             | 200 | text/plain; charset=utf-8",
                "/html                  | 200 | text/html; charset=utf-8",
                "/json                  | 200 | application/json",
                "/xml                   | 200 | application/xml",
                "/robots.txt            | 200 | text/plain",
                "/encoding/utf8         | 200 | text/html; charset=utf-8",
                "/forms/post            | 200 | text/html; charset=utf-8",
                "/uuid                  | 200 | application/json",
                "/cache                 | 200 | application/json",
                "/cache/60              | 200 | application/json",
                "/status/204            | 204 |",
                "/status/406            | 406 | application/json",
                "/status/418            | 418 | text/plain; charset=utf-8",
                "/status/500:1          | 500 |",
                "/status/x              | 400 | text/plain; charset=utf-8",
                "/status/99             | 400 | text/plain; charset=utf-8",
                "/bytes/x               | 400 | text/plain; charset=utf-8",
                "/delay/-1              | 400 | text/plain; charset=utf-8",
                "/redirect-to           | 400 | text/plain; charset=utf-8",
                "/bearer                | 401 |",
                "/poll?timeout=0        | 204 |",
                "/nothing               | 404 | text/plain; charset=utf-8",
            })
    void answers(String target, int status, String type) throws Exception {
        var answer = raw.get(target);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo(type);
    }

    @Test
    void indexListsAllRoutes() throws Exception {
        assertThat((List<?>) Json.parse(raw.get("/").body()))
                .asString()
                .contains("GET /get", "POST /post", "* /anything", "GET /events", "POST /publish");
    }

    @Test
    void indexIsAPageForABrowser() throws Exception {
        raw.send("GET / HTTP/1.1\r\nHost: test\r\nAccept: text/html,*/*;q=0.8\r\n\r\n");
        var answer = raw.answer();
        assertThat(answer.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.body())
                .contains("<li><b>GET</b><a href=\"/get\">/get</a>", "<li><b>POST</b>/post\n")
                .contains("<b>GET</b><a href=\"/bytes/1024\">/bytes/{n}</a>", "name=\"viewport\"")
                .doesNotContain("<!--");
    }

    @Test
    void linksOfTheIndexLeadSomewhere() throws Exception {
        raw.send("GET / HTTP/1.1\r\nHost: test\r\nAccept: text/html\r\n\r\n");
        var links =
                Pattern.compile("<li><b>\\w+</b><a href=\"([^\"]+)\"").matcher(raw.answer().body());
        int followed = 0;
        while (links.find()) {
            String link = links.group(1).replace("&amp;", "&");
            if (!List.of("/events", "/delay/2", "/poll?timeout=2")
                    .contains(link)) { // they take time
                int status = raw.get(link.replace("duration=2", "duration=0")).status();
                assertThat(status).as(link).isIn(200, 302, 401, 418);
                followed++;
            }
        }
        assertThat(followed).isGreaterThan(30);
    }

    /** What httpbin has, and clients' tests ask for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /get",
                "POST /post",
                "PUT /put",
                "PATCH /patch",
                "DELETE /delete",
                "GET /anything",
                "PUT /anything/x/y",
                "GET /headers",
                "GET /ip",
                "GET /user-agent",
                "POST /status/200",
                "GET /delay/0",
                "GET /stream/1",
                "GET /stream-bytes/1",
                "GET /bytes/1",
                "GET /range/1",
                "GET /drip?duration=0",
                "GET /gzip",
                "GET /deflate",
                "GET /encoding/utf8",
                "GET /html",
                "GET /json",
                "GET /xml",
                "GET /robots.txt",
                "GET /cookies",
                "GET /cache",
                "GET /cache/1",
                "GET /etag/e",
                "GET /response-headers",
                "GET /uuid",
                "GET /base64/d2VmdA==",
                "GET /forms/post",
                "GET /links/2/0",
                "GET /plaintext",
                "POST /publish",
                "GET /",
                "HEAD /get",
            })
    void pathIsThere(String line) throws Exception {
        raw.send(line + " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
        var answer = raw.answer(line.startsWith("HEAD") ? "HEAD" : "GET");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void packedAnswersCanBeUnpacked() throws Exception {
        byte[] gzip = raw.get("/gzip").body().getBytes(StandardCharsets.ISO_8859_1);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("gzipped");
        }
        byte[] deflate = raw.get("/deflate").body().getBytes(StandardCharsets.ISO_8859_1);
        try (var in = new InflaterInputStream(new ByteArrayInputStream(deflate))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("deflated");
        }
    }

    @Test
    void otherPackingsAreThereWhereTheirLibrariesAre() throws Exception {
        assertThat(raw.get("/brotli").header("content-encoding")).isEqualTo("br");
        assertThat(raw.get("/zstd").header("content-encoding")).isEqualTo("zstd");
    }

    @Test
    void streamsAreChunked() throws Exception {
        var lines = raw.get("/stream/3");
        assertThat(lines.chunks).hasSize(3).allMatch(line -> line.endsWith("}\n"));
        var bytes = raw.get("/stream-bytes/25?chunk_size=10&seed=1");
        assertThat(bytes.chunks).extracting(String::length).containsExactly(10, 10, 5);
        assertThat(raw.get("/stream-bytes/25?chunk_size=10&seed=1").body()).isEqualTo(bytes.body());
        assertThat(raw.get("/bytes/25?seed=1").body()).hasSize(25);
        assertThat(raw.get("/drip?numbytes=3&duration=0").body()).isEqualTo("***");
        assertThat(raw.get("/drip?numbytes=102400&duration=0.02").body())
                .isEqualTo("*".repeat(102_400));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-2   | 206 | bytes 0-2/26   | abc",
                "bytes=24-   | 206 | bytes 24-25/26 | yz",
                "bytes=-3    | 206 | bytes 23-25/26 | xyz",
                "bytes=24-99 | 206 | bytes 24-25/26 | yz",
                "bytes=26-   | 416 | bytes */26     | ''",
                "bytes=5-4   | 416 | bytes */26     | ''",
                "bytes=9999999999- | 416 | bytes */26 | ''",
                "bytes=-9999999999 | 206 | bytes 0-25/26 | abcdefghijklmnopqrstuvwxyz",
                "lines=1-2   | 200 |                | abcdefghijklmnopqrstuvwxyz",
            })
    void partOfTheAlphabet(String range, int status, String content, String body) throws Exception {
        raw.send("GET /range/26 HTTP/1.1\r\nHost: test\r\nRange: " + range + "\r\n\r\n");
        var answer = raw.answer();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-range")).isEqualTo(content);
        assertThat(answer.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({
        "/redirect/3, /relative-redirect/2",
        "/redirect/1, /get",
        "/redirect/2?absolute=true, http://test/absolute-redirect/1",
        "/absolute-redirect/1, http://test/get",
        "/redirect-to?url=/x, /x",
        "/cookies/set?a=1, /cookies",
        "/links/5, /links/5/0",
        "/status/302, /redirect/1",
    })
    void redirects(String target, String location) throws Exception {
        var answer = raw.get(target);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("location")).isEqualTo(location);
    }

    @Test
    void cookiesAreSetShownAndForgotten() throws Exception {
        assertThat(raw.get("/cookies/set/a/1").header("set-cookie")).startsWith("a=1; Path=/;");
        assertThat(raw.get("/cookies/delete?a").header("set-cookie")).startsWith("a=; Max-Age=0;");
        raw.send("GET /cookies HTTP/1.1\r\nHost: test\r\nCookie: a=1; b=2\r\n\r\n");
        assertThat(object(raw.answer())).isEqualTo(Map.of("cookies", Map.of("a", "1", "b", "2")));
        assertThat(raw.get("/cookies/set?a=%0d%0aX").status()).isEqualTo(400);
    }

    @Test
    void passwordIsAskedFor() throws Exception {
        var refused = raw.get("/basic-auth/me/secret");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("www-authenticate")).startsWith("Basic realm=");
        assertThat(raw.get("/hidden-basic-auth/me/secret").status()).isEqualTo(404);
        String right =
                Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
        raw.send("GET /basic-auth/me/secret HTTP/1.1\r\nHost: test\r\n");
        raw.send("Authorization: Basic " + right + "\r\n\r\n");
        assertThat(object(raw.answer())).isEqualTo(Map.of("authenticated", true, "user", "me"));
        raw.send("GET /bearer HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer abc\r\n\r\n");
        assertThat(object(raw.answer())).isEqualTo(Map.of("authenticated", true, "token", "abc"));
    }

    @Test
    void unchangedIsNotSentAgain() throws Exception {
        raw.send("GET /etag/abc HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"abc\"\r\n\r\n");
        assertThat(raw.answer().status()).isEqualTo(304);
        raw.send("GET /etag/abc HTTP/1.1\r\nHost: test\r\nIf-Match: \"other\"\r\n\r\n");
        assertThat(raw.answer().status()).isEqualTo(412);
        raw.send("GET /cache HTTP/1.1\r\nHost: test\r\nIf-None-Match: x\r\n\r\n");
        assertThat(raw.answer().status()).isEqualTo(304);
    }

    @Test
    void headersAreChosenButNotBroken() throws Exception {
        var answer = raw.get("/response-headers?X-One=1&X-Two=2");
        assertThat(answer.header("x-two")).isEqualTo("2");
        assertThat(raw.get("/response-headers?X=a%0d%0aY:b").status()).isEqualTo(400);
    }

    @Test
    void headersAreToldInTheBodyToo() throws Exception {
        String query =
                "?X-One=1&X-One=2&Content-Type=text/css&Content-Length=1&Transfer-Encoding=x";
        var answer = raw.get("/response-headers" + query);
        assertThat(object(answer))
                .isEqualTo(
                        Map.of(
                                "Content-Length",
                                Integer.toString(answer.body().length()),
                                "Content-Type",
                                List.of("application/json", "text/css"),
                                "X-One",
                                List.of("1", "2")));
        assertThat(raw.get("/get").status()).isEqualTo(200); // and what follows is not misread
    }
}
