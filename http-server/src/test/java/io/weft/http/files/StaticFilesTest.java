package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What is served, under which name, as what. */
class StaticFilesTest {
    @TempDir Path parent;
    private Folder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = new Folder(parent);
        folder.file("index.html", "<p>home");
        folder.file("a.txt", "0123456789");
        folder.file("sub/index.html", "<p>sub");
        folder.file("bare/a b\u00e9.css", "p {}");
    }

    @Test
    void fileIsSentWithWhatIsKnownOfIt() throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get("/a.txt");
            assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(answer.body()).isEqualTo("0123456789");
            assertThat(answer.header("Content-Length")).isEqualTo("10");
            assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(answer.header("Last-Modified")).isEqualTo(Folder.DATE);
            assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
            assertThat(answer.header("ETag"))
                    .isEqualTo("\"" + Long.toHexString(Folder.MODIFIED.toEpochMilli()) + "-a\"");
            assertThat(answer.header("Vary")).isNull();
            assertThat(answer.header("Content-Encoding")).isNull();
            assertThat(answer.header("Cache-Control")).isNull();
        }
    }

    @Test
    void headHasTheHeadersAlone() throws Exception {
        try (var site = folder.serve();
                var socket = site.connect()) {
            Site.send(socket, "HEAD /a.txt HTTP/1.0\r\nRange: bytes=0-1\r\n\r\n");
            assertThat(Site.readToTheEnd(socket))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("content-length: 10\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void connectionStaysAndLargeFilesComeWhole() throws Exception {
        String large = "0123456789abcdef".repeat(200_000);
        folder.file("large.bin", large);
        folder.file("empty.bin", "");
        try (var site = folder.serve();
                var socket = site.connect()) {
            String get = " HTTP/1.1\r\nHost: a\r\n\r\n";
            Site.send(socket, "GET /large.bin" + get + "GET /empty.bin" + get + "GET /a.txt" + get);
            var answer = Site.read(socket);
            assertThat(answer.body()).isEqualTo(large);
            assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
            assertThat(Site.read(socket).body()).isEmpty();
            assertThat(Site.read(socket).body()).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, <p>home",
        "/?x=y, <p>home",
        "/sub/, <p>sub",
        "/sub/index.html, <p>sub",
        "/bare/a%20b%C3%A9.css, p {}",
        "/%61.txt, 0123456789",
        "http://a/a.txt, 0123456789",
    })
    void pathLeadsToItsFile(String target, String body) throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get(target);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(body);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/none", "/none/", "/a.txt/", "/a.txt/b", "/bare/", "/sub//index.html"})
    void whatIsNotThereIsNotFound(String target) throws Exception {
        try (var site = folder.serve()) {
            assertThat(site.get(target).status()).isEqualTo(404);
        }
    }

    @Test
    void nameThatIsTooLongIsNotFound() throws Exception {
        try (var site = folder.serve()) {
            assertThat(site.get("/" + "x".repeat(300)).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({"/sub, /sub/", "/sub?x=/../y, /sub/?x=/../y", "/%73ub, /%73ub/"})
    void directoryIsRedirectedToItsSlash(String target, String location) throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get(target);
            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.header("Location")).isEqualTo(location);
        }
    }

    @Test
    void redirectLeadsToNoOtherHost() throws Exception {
        Files.createDirectories(folder.root.resolve("evil.example"));
        try (var site = folder.serve()) {
            for (String target :
                    new String[] {"//evil.example", "/%2fevil.example", "/%5cevil.example"}) {
                var answer = site.get(target);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.header("Location")).isNull();
            }
            var refused = site.get("/\\evil.example"); // which is no path
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.header("Location")).isNull();
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        try (var site = folder.serve()) {
            var answer = site.ask("POST /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        }
    }

    @Test
    void optionsTellsTheMethods() throws Exception {
        try (var site = folder.serve()) {
            var answer = site.ask("OPTIONS /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        }
    }

    @Test
    void directoryWithoutAnIndexSaysWhatIsMissing() throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get("/bare/");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo("404 there is no index.html at /bare/\n");
        }
    }

    @Test
    void prefixIsTakenFromThePath() throws Exception {
        try (var site = folder.serve(files -> files.under("/static"))) {
            assertThat(site.get("/static/a.txt").body()).isEqualTo("0123456789");
            assertThat(site.get("/static/").body()).isEqualTo("<p>home");
            assertThat(site.get("/static/sub").header("Location")).isEqualTo("/static/sub/");
            assertThat(site.get("/a.txt").status()).isEqualTo(404);
            assertThat(site.get("/statica.txt").status()).isEqualTo(404);
            assertThat(site.get("/static").status()).isEqualTo(404);
        }
    }

    @Test
    void indexAndCachingAreSettings() throws Exception {
        try (var site = folder.serve(files -> files.index("a.txt").cacheControl("max-age=60"))) {
            var answer = site.get("/");
            assertThat(answer.body()).isEqualTo("0123456789");
            assertThat(answer.header("Cache-Control")).isEqualTo("max-age=60");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.html, text/html; charset=utf-8",
        "A.HTML, text/html; charset=utf-8",
        "a.min.js, text/javascript; charset=utf-8",
        "a.svg, image/svg+xml",
        "a.wasm, application/wasm",
        "a.woff2, font/woff2",
        "a.unheard, application/octet-stream",
        "html, application/octet-stream",
        "a., application/octet-stream",
    })
    void typeComesFromTheName(String name, String type) {
        assertThat(ContentTypes.of(name)).isEqualTo(type);
    }

    @Test
    void rootHasToBeADirectory() {
        assertThatThrownBy(() -> StaticFiles.of(folder.root.resolve("a.txt")))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("expected a directory");
        assertThatThrownBy(() -> StaticFiles.of(folder.root.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> StaticFiles.of(folder.root).under("static"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'static'");
    }
}
