package io.weft.http.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.EntityTags;
import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.files.StaticFiles;
import io.weft.http.testing.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What compression does to entity tags, and what conditions make of them (RFC 9110 section 13). */
class ValidatorsTest {
    private static final String TEXT = "the weft crosses the warp; ".repeat(100);

    /** Says 304 by itself, as an application does. */
    private static final Handler TAGGED =
            (request, response) -> {
                response.header("ETag", "\"1\"");
                var known = request.headers().getAll("If-None-Match");
                if (EntityTags.matchWeakly(known, "\"1\"")) {
                    response.status(304).send();
                } else {
                    response.send(TEXT);
                }
            };

    @TempDir Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("a.txt"), TEXT);
        Files.writeString(directory.resolve("small.txt"), "small");
        Files.writeString(directory.resolve("a.png"), TEXT);
    }

    private static Raw serve(Handler handler) throws IOException {
        return new Raw(new Compression().before(handler));
    }

    private static Answer get(Raw raw, String path, String... fields) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: a\r\n";
        return raw.send(head + String.join("\r\n", fields) + "\r\n\r\n").answer();
    }

    @Test
    void plainBytesKeepTheStrongTagAndCompressedOnesHaveTheWeak() throws Exception {
        try (var raw = serve(TAGGED)) {
            assertThat(get(raw, "/", "Accept-Encoding: br").header("etag")).isEqualTo("W/\"1\"");
            assertThat(get(raw, "/", "Accept-Encoding: x").header("etag")).isEqualTo("\"1\"");
            assertThat(get(raw, "/", "Accept: */*").header("etag")).isEqualTo("\"1\"");
        }
    }

    @Test
    void weakTagOfTheApplicationStays() throws Exception {
        Handler weak = (request, response) -> response.header("ETag", "W/\"1\"").send(TEXT);
        try (var raw = serve(weak)) {
            assertThat(get(raw, "/", "Accept-Encoding: br").header("etag")).isEqualTo("W/\"1\"");
        }
    }

    /** The tag of a 304 is that of the copy which it says is good (RFC 9111 section 4.3.4). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip     | W/\"1\"            | W/\"1\"",
                "gzip     | \"1\"              | \"1\"",
                "gzip     | \"x\", W/\"1\"     | W/\"1\"",
                "gzip     | W/\"x\", \"1\"     | \"1\"",
                "gzip     | W/\"1\", \"1\"     | \"1\"",
                "gzip     | *                  | \"1\"",
                "identity | W/\"1\"            | \"1\"",
                "identity | \"1\"              | \"1\"",
            })
    void notModifiedHasTheTagOfWhatTheClientHas(String accepted, String known, String tag)
            throws Exception {
        try (var raw = serve(TAGGED)) {
            var answer = get(raw, "/", "Accept-Encoding: " + accepted, "If-None-Match: " + known);
            assertThat(answer.status()).isEqualTo(304);
            assertThat(answer.header("etag")).isEqualTo(tag);
            assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
            assertThat(answer.header("content-encoding")).isNull();
            assertThat(get(raw, "/", "Accept-Encoding: " + accepted).status()).isEqualTo(200);
        }
    }

    @Test
    void anotherTagIsModified() throws Exception {
        try (var raw = serve(TAGGED)) {
            var answer = get(raw, "/", "Accept-Encoding: gzip", "If-None-Match: W/\"2\"");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(Unpacked.text(ContentCoding.GZIP, answer.body())).isEqualTo(TEXT);
        }
    }

    @Test
    void headHasTheFieldsOfGet() throws Exception {
        try (var raw = serve(TAGGED)) {
            raw.send("HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            var answer = raw.answer("HEAD");
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(answer.header("etag")).isEqualTo("W/\"1\"");
            assertThat(answer.header("content-length")).isNull(); // RFC 9110 section 9.3.2
            assertThat(get(raw, "/", "Accept-Encoding: gzip").status()).isEqualTo(200);
        }
    }

    @Test
    void fileThatWasCompressedIsNotSentAgain() throws Exception {
        try (var raw = serve(StaticFiles.of(directory))) {
            var answer = get(raw, "/a.txt", "Accept-Encoding: gzip");
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(answer.header("accept-ranges")).isNull();
            assertThat(Unpacked.text(ContentCoding.GZIP, answer.body())).isEqualTo(TEXT);
            String tag = answer.header("etag");
            assertThat(tag).startsWith("W/\"");
            var again = get(raw, "/a.txt", "Accept-Encoding: gzip", "If-None-Match: " + tag);
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.header("etag")).isEqualTo(tag);
            assertThat(again.header("vary")).isEqualTo("Accept-Encoding");
            var byDate =
                    get(
                            raw,
                            "/a.txt",
                            "Accept-Encoding: gzip",
                            "If-Modified-Since: " + answer.header("last-modified"));
            assertThat(byDate.status()).isEqualTo(304);
            assertThat(byDate.header("vary")).isEqualTo("Accept-Encoding");
        }
    }

    /** A part is of the plain bytes, so it has their tag; weak ones tell nothing of bytes. */
    @Test
    void partGoesOnlyToWhoHasPlainBytes() throws Exception {
        try (var raw = serve(StaticFiles.of(directory))) {
            String weak = get(raw, "/a.txt", "Accept-Encoding: gzip").header("etag");
            String strong = weak.substring(2);
            String[] asked = {"Accept-Encoding: gzip", "Range: bytes=4-7", "If-Range: " + strong};
            var part = get(raw, "/a.txt", asked);
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.header("content-encoding")).isNull();
            assertThat(part.header("etag")).isEqualTo(strong);
            assertThat(part.header("vary")).isEqualTo("Accept-Encoding"); // as the 200's
            assertThat(part.body()).isEqualTo("weft");
            asked[2] = "If-Range: " + weak;
            var whole = get(raw, "/a.txt", asked);
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.header("content-encoding")).isEqualTo("gzip");
            assertThat(Unpacked.text(ContentCoding.GZIP, whole.body())).isEqualTo(TEXT);
            assertThat(get(raw, "/a.txt", "Range: bytes=0-0").body()).isEqualTo("t");
            asked[2] = "If-Match: " + weak;
            assertThat(get(raw, "/a.txt", asked).status()).isEqualTo(412);
        }
    }

    @ParameterizedTest
    @CsvSource({"/small.txt", "/a.png"})
    void whatIsNotCompressedKeepsItsStrongTag(String path) throws Exception {
        try (var raw = serve(StaticFiles.of(directory))) {
            var answer = get(raw, path, "Accept-Encoding: gzip");
            assertThat(answer.header("etag")).startsWith("\"");
            assertThat(answer.header("vary")).isNull();
            assertThat(get(raw, path, "Range: bytes=0-0").status()).isEqualTo(206);
        }
    }
}
