package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/** Files that lie compressed beside the plain ones. What is in them does not matter here. */
class EncodingTest {
    @TempDir Path parent;
    private Folder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = new Folder(parent);
        folder.file("a.js", "the plain one");
        folder.file("a.js.gz", "gzipped");
        folder.file("a.js.br", "brotli");
        folder.file("b.js", "the plain one");
        folder.file("b.js.gz", "gzipped");
        folder.file("index.html", "the plain one");
        folder.file("index.html.gz", "gzipped");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a.js | gzip, deflate, br | br",
                "/a.js | br;q=0.1, gzip;q=1 | br",
                "/a.js | GZIP | gzip",
                "/a.js | * | br",
                "/a.js | *, br;q=0 | gzip",
                "/a.js | gzip;q=0.001 | gzip",
                "/b.js | gzip, br | gzip",
                "/ | gzip, br | gzip",
            })
    void isTakenIfTheClientTakesIt(String target, String accepted, String coding) throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get(target, "Accept-Encoding: " + accepted + "\r\n");
            assertThat(answer.header("Content-Encoding")).isEqualTo(coding);
            assertThat(answer.body()).isEqualTo(coding.equals("br") ? "brotli" : "gzipped");
            assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(answer.header("Content-Type"))
                    .isEqualTo(
                            target.equals("/")
                                    ? "text/html; charset=utf-8"
                                    : "text/javascript; charset=utf-8");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a.js | identity",
                "/a.js | gzip;q=0, br; q=0.000",
                "/a.js | gzip;q=x, br;q=2",
                "/a.js | gzip;level=9, br;q=0.0000",
                "/a.js | gzip;, br;q",
                "/b.js | br",
                "/b.js | *;q=0"
            })
    void isNotTakenIfTheClientDoesNot(String target, String accepted) throws Exception {
        try (var site = folder.serve()) {
            for (String header : new String[] {"", "Accept-Encoding: " + accepted + "\r\n"}) {
                var answer = site.get(target, header);
                assertThat(answer.header("Content-Encoding")).isNull();
                assertThat(answer.body()).isEqualTo("the plain one");
                assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
            }
        }
    }

    @Test
    void eachFormHasItsOwnTag() throws Exception {
        try (var site = folder.serve()) {
            String plain = site.get("/a.js").header("ETag");
            String gzip = site.get("/a.js", "Accept-Encoding: gzip\r\n").header("ETag");
            String brotli = site.get("/a.js", "Accept-Encoding: br\r\n").header("ETag");
            assertThat(plain).isNotEqualTo(gzip).isNotEqualTo(brotli);
            assertThat(gzip).isNotEqualTo(brotli);
            String known = "If-None-Match: " + gzip + "\r\n";
            assertThat(site.get("/a.js", known).status()).isEqualTo(200);
            assertThat(site.get("/a.js", known, "Accept-Encoding: gzip\r\n").status())
                    .isEqualTo(304);
        }
    }

    @Test
    void compressedFileItselfIsPlain() throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get("/a.js.gz", "Accept-Encoding: gzip\r\n");
            assertThat(answer.body()).isEqualTo("gzipped");
            assertThat(answer.header("Content-Encoding")).isNull();
            assertThat(answer.header("Content-Type")).isEqualTo("application/gzip");
        }
    }

    @Test
    void partIsOneOfTheCompressedFile() throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get("/a.js", "Accept-Encoding: br\r\n", "Range: bytes=1-2\r\n");
            assertThat(answer.status()).isEqualTo(206);
            assertThat(answer.body()).isEqualTo("ro");
            assertThat(answer.header("Content-Range")).isEqualTo("bytes 1-2/6");
        }
    }
}
