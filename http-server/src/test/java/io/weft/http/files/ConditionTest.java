package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/** Conditional requests (RFC 9110 section 13). TAG stands for the file's own entity tag. */
class ConditionTest {
    @TempDir Path parent;
    private Site site;
    private String tag;

    @BeforeEach
    void serve() throws Exception {
        var folder = new Folder(parent);
        folder.file("a.txt", "0123456789");
        site = folder.serve(files -> files.cacheControl("no-cache"));
        tag = site.get("/a.txt").header("ETag");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "304 | If-None-Match: TAG",
                "304 | If-None-Match: W/TAG",
                "304 | If-None-Match: \"x,y\", W/\"z\" , TAG",
                "304 | If-None-Match: *",
                "200 | If-None-Match: \"x\"",
                "200 | If-None-Match: x",
                "200 | If-None-Match: \"",
                "304 | If-Modified-Since: Mon, 09 Mar 2026 04:05:06 GMT",
                "304 | If-Modified-Since: Tue, 10 Mar 2026 04:05:06 GMT",
                "304 | If-Modified-Since: Monday, 09-Mar-26 04:05:06 GMT",
                "304 | If-Modified-Since: Mon Mar  9 04:05:06 2026",
                "200 | If-Modified-Since: Mon, 09 Mar 2026 04:05:05 GMT",
                "200 | If-Modified-Since: yesterday",
                "200 | If-Modified-Since: Mon, 09 Mar 2026 04:05:06 GMT or any later day, whichever"
                        + " of them it is",
                "412 | If-Match: \"x\"",
                "412 | If-Match: W/TAG",
                "200 | If-Match: \"x\", TAG",
                "200 | If-Match: *",
                "412 | If-Unmodified-Since: Mon, 09 Mar 2026 04:05:05 GMT",
                "200 | If-Unmodified-Since: Mon, 09 Mar 2026 04:05:06 GMT",
                "200 | If-Unmodified-Since: tomorrow",
            })
    void oneConditionIsKept(int status, String header) throws Exception {
        assertThat(site.get("/a.txt", header.replace("TAG", tag) + "\r\n").status())
                .isEqualTo(status);
    }

    @Test
    void tagGoesBeforeTheDate() throws Exception {
        String same = "If-Modified-Since: " + Folder.DATE + "\r\n";
        String old = "If-Unmodified-Since: Mon, 09 Mar 2015 04:05:06 GMT\r\n";
        assertThat(site.get("/a.txt", "If-None-Match: \"x\"\r\n", same).status()).isEqualTo(200);
        assertThat(site.get("/a.txt", "If-Match: " + tag + "\r\n", old).status()).isEqualTo(200);
    }

    @Test
    void notModifiedSaysWhatCachesNeedAndHasNoBody() throws Exception {
        try (var socket = site.connect()) {
            String get = "GET /a.txt HTTP/1.1\r\nHost: a\r\n";
            Site.send(socket, get + "If-None-Match: *\r\n\r\n" + get + "\r\n");
            var answer = Site.read(socket);
            assertThat(answer.status()).isEqualTo(304);
            assertThat(answer.header("ETag")).isEqualTo(tag);
            assertThat(answer.header("Last-Modified")).isEqualTo(Folder.DATE);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(answer.header("Content-Type")).isNull();
            assertThat(Site.read(socket).body()).isEqualTo("0123456789");
        }
    }

    @Test
    void conditionGoesBeforeTheRange() throws Exception {
        String range = "Range: bytes=0-1\r\n";
        assertThat(site.get("/a.txt", range, "If-None-Match: *\r\n").status()).isEqualTo(304);
        assertThat(site.get("/a.txt", range, "If-Match: \"x\"\r\n").status()).isEqualTo(412);
    }
}
