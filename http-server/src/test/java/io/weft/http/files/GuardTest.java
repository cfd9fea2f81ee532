package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Router;
import io.weft.http.testing.Site;
import io.weft.http.wsgi.Wsgi;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A route that forbids a folder is passed by no spelling of its name. */
class GuardTest {
    private static final Handler REFUSE =
            (request, response) -> {
                throw new HttpException(403, "not for you");
            };

    @TempDir Path parent;
    private Folder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = new Folder(parent);
        folder.file("private/s.txt", "sesame");
        folder.file("public/a.txt", "public");
    }

    private Router guarded() {
        return new Router().any("/private/{rest...}", REFUSE);
    }

    private Site files() throws Exception {
        return new Site(guarded().otherwise(StaticFiles.of(folder.root)));
    }

    /** What is behind looks the file up in the simplest way there is. */
    private Site naive() throws Exception {
        return new Site(
                guarded()
                        .get(
                                "/{path...}",
                                (request, response) ->
                                        answer(request.pathParameter("path"), response::send)));
    }

    private Site wsgi() throws Exception {
        return new Site(
                guarded()
                        .otherwise(
                                Wsgi.handler(
                                        (environ, startResponse) -> {
                                            var found = new String[1];
                                            String path = (String) environ.get("PATH_INFO");
                                            answer(path, text -> found[0] = text);
                                            startResponse.start("200 OK", List.of());
                                            return List.of(
                                                    found[0].getBytes(StandardCharsets.UTF_8));
                                        })));
    }

    private interface Sink {
        void send(String text) throws Exception;
    }

    private void answer(String path, Sink sink) throws Exception {
        Path file = Path.of(folder.root + "/" + path);
        sink.send(Files.isRegularFile(file) ? Files.readString(file) : "none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/private/s.txt",
                "/%70rivate/s.txt",
                "/%70%72%69%76%61%74%65/s.txt",
                "/privat%65%2Fs.txt",
                "/private%2fs.txt",
                "/public/../private/s.txt",
                "/public/%2e%2e/private/s.txt",
                "/public/.%2E/private/s.txt",
                "/public%2F..%2Fprivate/s.txt",
                "/public%2F..%2Fprivate%2Fs.txt",
                "/public%5C..%5Cprivate/s.txt",
                "/public\\..\\private\\s.txt",
                "/./private/s.txt",
                "/%2e/private/s.txt",
                "/.%2Fprivate/s.txt",
                "//private/s.txt",
                "/%2Fprivate/s.txt",
                "/private//s.txt",
                "///private/s.txt",
                "/private;x=1/s.txt",
                "/;/private/s.txt",
                "/private%00/s.txt",
                "/private/s.txt%00",
                "/private%2F/s.txt",
                "/private/./s.txt",
                "/private%20/s.txt",
                "/%2570rivate/s.txt",
                "/private/%73.txt",
                "http://a/%70rivate/s.txt",
                "http://a//private/s.txt",
                "/\u00c0\u00aeprivate/s.txt",
                "/%C1%B0rivate/s.txt",
            })
    void forbiddenFolderIsNotReached(String target) throws Exception {
        for (Site site : new Site[] {files(), naive(), wsgi()}) {
            try (site) {
                var answer = site.get(target);
                assertThat(answer.body()).doesNotContain("sesame");
                assertThat(site.get("/p%75blic/a.txt").body()).isEqualTo("public");
            }
        }
    }

    @Test
    void encodedSlashIsInAName() throws Exception {
        try (var site = files()) {
            assertThat(site.get("/public%2Fa.txt").status()).isEqualTo(404);
        }
    }

    @Test
    void prefixIsHeldAgainstDecodedSegments() throws Exception {
        try (var site = new Site(StaticFiles.of(folder.root).under("/K\u00e4se/b"))) {
            assertThat(site.get("/K%C3%A4se/%62/public/a.txt").body()).isEqualTo("public");
            for (String other :
                    new String[] {"/K%C3%A4se%2Fb/public/a.txt", "/K%C3%A4se/bb/public/a.txt"}) {
                assertThat(site.get(other).status()).isEqualTo(404);
            }
        }
    }
}
