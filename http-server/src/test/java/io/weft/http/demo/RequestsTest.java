package io.weft.http.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What a client has sent is told in the answer. */
class RequestsTest extends DemoSite {
    @Test
    void headersAddressAndAgentAreTold() throws Exception {
        String rest = " HTTP/1.1\r\nHost: test\r\nUser-Agent: loom/1\r\n\r\n";
        assertThat(object(raw.send("GET /headers" + rest).answer()))
                .isEqualTo(Map.of("headers", Map.of("Host", "test", "User-Agent", "loom/1")));
        assertThat(object(raw.send("GET /user-agent" + rest).answer()))
                .isEqualTo(Map.of("user-agent", "loom/1"));
        assertThat(object(raw.get("/ip"))).isEqualTo(Map.of("origin", "127.0.0.1"));
        assertThat(raw.get("/base64/d2VmdA==").body()).isEqualTo("weft");
        assertThat(object(raw.get("/uuid")).get("uuid").toString()).matches("[0-9a-f-]{36}");
        assertThat(raw.get("/cache/60").header("cache-control")).isEqualTo("public, max-age=60");
    }

    @Test
    void delayedAnswerTellsTheBodyToo() throws Exception {
        String type = "application/x-www-form-urlencoded";
        raw.send("POST /delay/0.01?b=2 HTTP/1.1\r\nHost: test\r\nContent-Type: " + type);
        raw.send("\r\nContent-Length: 3\r\n\r\na=1");
        assertThat(object(raw.answer()))
                .containsEntry("args", Map.of("b", "2"))
                .containsEntry("form", Map.of("a", "1"))
                .containsEntry("data", "")
                .containsEntry("files", Map.of())
                .containsKeys("headers", "origin", "url")
                .hasSize(7);
    }

    @Test
    void getTellsWhatItWasSent() throws Exception {
        raw.send("GET /get?a=1&b=2&a=3 HTTP/1.1\r\nhost: test\r\nx-own: y\r\n\r\n");
        assertThat(object(raw.answer()))
                .containsEntry("args", Map.of("a", List.of("1", "3"), "b", "2"))
                .containsEntry("headers", Map.of("Host", "test", "X-Own", "y"))
                .containsEntry("origin", "127.0.0.1")
                .containsEntry("url", "http://test/get?a=1&b=2&a=3");
    }

    @Test
    void postTellsTheBodyAsTextFormJsonOrData() throws Exception {
        assertThat(post("text/plain", "hello")).containsEntry("data", "hello");
        assertThat(post("application/x-www-form-urlencoded", "a=1&b=%20"))
                .containsEntry("form", Map.of("a", "1", "b", " "))
                .containsEntry("data", "");
        assertThat(post("application/json", "{\"a\":[1]}"))
                .containsEntry("json", Map.of("a", List.of(1)));
        assertThat(post("application/octet-stream", "\u00ff\u00fe"))
                .containsEntry("data", "data:application/octet-stream;base64,//4=");
    }

    @Test
    void postTellsFieldsAndFiles() throws Exception {
        String body =
                """
                --x
                Content-Disposition: form-data; name=a

                1
                --x
                Content-Disposition: form-data; name=a

                2
                --x
                Content-Disposition: form-data; name=t; filename=t.txt
                Content-Type: text/plain

                hello
                --x
                Content-Disposition: form-data; name=b; filename=b.bin
                Content-Type: image/png

                \u00ff\u00fe
                --x
                Content-Disposition: form-data; name=c; filename=c

                \u00ff
                --x--
                """
                        .replace("\n", "\r\n");
        assertThat(post("multipart/form-data; boundary=x", body))
                .containsEntry("form", Map.of("a", List.of("1", "2")))
                .containsEntry(
                        "files",
                        Map.of(
                                "t",
                                "hello",
                                "b",
                                "data:image/png;base64,//4=",
                                "c",
                                "data:application/octet-stream;base64,/w=="))
                .containsEntry("data", "")
                .containsEntry("json", null);
    }

    @Test
    void whatIsToldBackIsBounded() throws Exception {
        raw.send("POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: 102401\r\n\r\n");
        assertThat(raw.answer().status()).isEqualTo(413);
    }

    @Test
    void deeplyNestedJsonIsToldAsText() throws Exception {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        assertThat(post("application/json", deep))
                .containsEntry("data", deep)
                .containsEntry("json", null);
    }

    @Test
    void whatAClientSaysIsNoPage() throws Exception {
        var decoded = raw.get("/base64/PGI-");
        assertThat(decoded.body()).isEqualTo("<b>");
        assertThat(decoded.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(decoded.header("x-content-type-options")).isEqualTo("nosniff");
        var chosen = raw.get("/response-headers?Content-Type=text/html&a=%3Cscript%3E");
        assertThat(chosen.header("content-security-policy")).isEqualTo("sandbox");
        assertThat(raw.get("/get?a=%3Cb%3E").header("x-content-type-options")).isEqualTo("nosniff");
    }

    private Map<String, Object> post(String type, String body) throws Exception {
        raw.send("POST /anything/x HTTP/1.1\r\nHost: test\r\nContent-Type: " + type + "\r\n");
        raw.send("Content-Length: " + body.length() + "\r\n\r\n" + body);
        var answer = object(raw.answer());
        assertThat(answer.get("method")).isEqualTo("POST");
        return answer;
    }
}
