package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** No way leads out of the directory. */
class EscapeTest {
    @TempDir Path parent;
    private Folder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = new Folder(parent);
        folder.secret("secret.txt", "sesame");
        folder.file("a.txt", "public");
        folder.file("sub/b.txt", "public");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../private/secret.txt",
                "/sub/../../private/secret.txt",
                "/sub/../a.txt", // within, but nobody has reason to ask so
                "/./a.txt",
                "/%2e%2e/private/secret.txt",
                "/%2E%2e/private/secret.txt",
                "/.%2e/private/secret.txt",
                "/..%2fprivate/secret.txt",
                "/%2e%2e%2fprivate%2fsecret.txt",
                "/%252e%252e/private/secret.txt", // decoded once only
                "/%252e%252e%252fprivate/secret.txt",
                "/..%5cprivate%5csecret.txt",
                "/a.txt%00",
                "/a.txt%00.html",
                "/%00/../private/secret.txt",
                "/....//private/secret.txt",
                "/..;/private/secret.txt",
                "//../private/secret.txt",
                "/%2f../private/secret.txt",
                "/..",
                "/../",
                "/sub/..",
                "/a.txt:stream",
                "/C:/private/secret.txt",
                "/a.txt%0a",
                "http://a/../private/secret.txt",
            })
    void isNotFound(String target) throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get(target);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).doesNotContain("sesame", "public");
        }
    }

    /** No file is looked for: a backslash has no place in a path, the asterisk none in a GET. */
    @ParameterizedTest
    @ValueSource(strings = {"/..\\private\\secret.txt", "/sub\\..\\..\\private\\secret.txt", "*"})
    void whatIsNoTargetIsRefused(String target) throws Exception {
        try (var site = folder.serve()) {
            var answer = site.get(target);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("sesame", "public");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%c0%ae%c0%ae/private/secret.txt", "/%2", "/%zz", "/%e9"})
    void malformedEscapeIsRefused(String target) throws Exception {
        try (var site = folder.serve()) {
            assertThat(site.get(target).status()).isEqualTo(400);
        }
    }

    @Test
    void absolutePathIsNotTaken() throws Exception {
        try (var site = folder.serve()) {
            Path secret = folder.outside.resolve("secret.txt");
            for (String target : new String[] {"/" + secret, "/%2f" + secret, secret.toString()}) {
                assertThat(site.get(target).status()).isEqualTo(404);
            }
        }
    }

    @Test
    void linkThatLeadsOutIsNotFollowed() throws Exception {
        Path secret = folder.outside.resolve("secret.txt");
        Files.createSymbolicLink(folder.root.resolve("link.txt"), secret);
        Files.createSymbolicLink(folder.root.resolve("folder"), folder.outside);
        Files.createSymbolicLink(folder.root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(folder.root.resolve("sub/index.html"), secret);
        Files.createSymbolicLink(folder.root.resolve("twice.txt"), Path.of("link.txt"));
        try (var site = folder.serve()) {
            for (String target :
                    new String[] {
                        "/link.txt",
                        "/folder",
                        "/folder/",
                        "/folder/secret.txt",
                        "/up/private/secret.txt",
                        "/sub/",
                        "/twice.txt"
                    }) {
                var answer = site.get(target, "Accept-Encoding: gzip, br\r\n");
                assertThat(answer.status()).as(target).isEqualTo(404);
                assertThat(answer.body()).doesNotContain("sesame");
            }
        }
    }

    @Test
    void compressedSiblingThatLeadsOutIsNotTaken() throws Exception {
        Files.createSymbolicLink(
                folder.root.resolve("a.txt.gz"), folder.outside.resolve("secret.txt"));
        try (var site = folder.serve()) {
            var answer = site.get("/a.txt", "Accept-Encoding: gzip\r\n");
            assertThat(answer.body()).isEqualTo("public");
            assertThat(answer.header("Content-Encoding")).isNull();
        }
    }

    @Test
    void linkWithinIsFollowed() throws Exception {
        Files.createSymbolicLink(folder.root.resolve("link.txt"), Path.of("sub/b.txt"));
        try (var site = folder.serve()) {
            assertThat(site.get("/link.txt").body()).isEqualTo("public");
        }
    }

    @Test
    void rootMayBeALinkItself() throws Exception {
        Path link = Files.createSymbolicLink(parent.resolve("link"), folder.root);
        try (var site = new io.weft.http.testing.Site(StaticFiles.of(link))) {
            assertThat(site.get("/a.txt").body()).isEqualTo("public");
        }
    }

    @Test
    void linksInACircleAreNotFound() throws Exception {
        Files.createSymbolicLink(folder.root.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(folder.root.resolve("two"), Path.of("one"));
        try (var site = folder.serve()) {
            assertThat(site.get("/one").status()).isEqualTo(404);
            assertThat(site.get("/one/a").status()).isEqualTo(404);
        }
    }

    @Test
    void whatBeginsWithADotIsNotServedButForTheWellKnown() throws Exception {
        folder.file(".git/config", "sesame");
        folder.file(".htpasswd", "sesame");
        folder.file("sub/.env", "sesame");
        folder.file(".well-known/security.txt", "mail us");
        try (var site = folder.serve()) {
            for (String target : new String[] {"/.git/config", "/.htpasswd", "/sub/%2eenv"}) {
                assertThat(site.get(target).status()).isEqualTo(404);
            }
            assertThat(site.get("/.well-known/security.txt").body()).isEqualTo("mail us");
        }
    }

    @Test
    void whatIsNoFileIsNotOpened() throws Exception {
        int made =
                new ProcessBuilder("mkfifo", folder.root.resolve("pipe").toString())
                        .start()
                        .waitFor();
        org.junit.jupiter.api.Assumptions.assumeTrue(made == 0);
        try (var site = folder.serve()) {
            assertThat(site.get("/pipe").status()).isEqualTo(404);
        }
    }
}
