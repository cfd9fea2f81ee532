package io.weft.http.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Raw;
import io.weft.http.Response;
import io.weft.http.server.AccessLog;
import io.weft.http.server.LogFormat;
import io.weft.http.testing.Answer;
import io.weft.http.websocket.WebSocket;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is compressed, and what is left alone. */
class CompressionTest {
    private static final String TEXT = "the weft crosses the warp; ".repeat(100);

    private static Answer get(Raw raw, String accepted) throws IOException {
        return raw.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accepted + "\r\n\r\n")
                .answer();
    }

    private static Raw serve(Handler handler) throws IOException {
        return new Raw(new Compression().before(handler));
    }

    @ParameterizedTest
    @EnumSource
    void wholeBodyIsCompressed(ContentCoding coding) throws Exception {
        assertThat(coding.isAvailable()).isTrue();
        try (var raw = serve((request, response) -> response.header("ETag", "\"1\"").send(TEXT))) {
            var answer = get(raw, coding.token());
            assertThat(answer.header("content-encoding")).isEqualTo(coding.token());
            assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
            assertThat(answer.header("etag")).isEqualTo("W/\"1\"");
            assertThat(answer.header("transfer-encoding")).isNull();
            assertThat(Integer.parseInt(answer.header("content-length")))
                    .isEqualTo(answer.body().length())
                    .isLessThan(TEXT.length() / 10);
            assertThat(Unpacked.text(coding, answer.body())).isEqualTo(TEXT);
            assertThat(get(raw, "identity").body()).isEqualTo(TEXT);
        }
    }

    private interface Step {
        void on(Response response) throws Exception;
    }

    private static Step step(String what) {
        return switch (what) {
            case "small" -> response -> response.send("x".repeat(1023));
            case "image" -> response -> response.header("Content-Type", "image/png").send(TEXT);
            case "video" -> response -> response.header("Content-Type", "video/mp4").send(TEXT);
            case "events" ->
                    response ->
                            response.header("Content-Type", "text/event-stream; charset=utf-8")
                                    .send(TEXT);
            case "untyped" -> response -> response.send(TEXT.getBytes(StandardCharsets.UTF_8));
            case "encoded" -> response -> response.header("Content-Encoding", "br").send(TEXT);
            case "digest" ->
                    response -> response.header("Content-Digest", "sha-256=:x:").send(TEXT);
            case "no-transform" ->
                    response ->
                            response.header("Cache-Control", "private, No-Transform").send(TEXT);
            case "part" ->
                    response ->
                            response.status(206)
                                    .header("Content-Range", "bytes 0-2699/9999")
                                    .send(TEXT);
            case "204" -> response -> response.status(204).send(TEXT);
            case "304" -> response -> response.status(304).send(TEXT);
            default -> throw new IllegalArgumentException(what);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "small, 1023, -",
        "image, 2700, -",
        "video, 2700, -",
        "events, 2700, -",
        "untyped, 2700, -",
        "encoded, 2700, -",
        "digest, 2700, -",
        "no-transform, 2700, -",
        "part, 2700, Accept-Encoding",
        "204, 0, -",
        "304, 0, Accept-Encoding",
    })
    void isLeftAlone(String what, int length, String vary) throws Exception {
        try (var raw = serve((request, response) -> step(what).on(response))) {
            var answer = get(raw, "gzip, br");
            assertThat(answer.header("content-encoding"))
                    .isEqualTo(what.equals("encoded") ? "br" : null);
            assertThat(answer.header("vary")).isEqualTo(vary.equals("-") ? null : vary);
            assertThat(answer.body()).hasSize(length);
        }
    }

    @Test
    void whatCouldBeCompressedVaries() throws Exception {
        try (var raw = serve((request, response) -> response.header("Vary", "Origin").send(TEXT))) {
            var answer = get(raw, "identity");
            assertThat(answer.head.lines()).contains("Vary: Origin", "Vary: Accept-Encoding");
            assertThat(answer.header("etag")).isNull();
        }
    }

    @Test
    void logHasWhatWentOut(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("log");
        try (var log = AccessLog.to(file, LogFormat.of("%(B)s"));
                var raw =
                        new Raw(
                                new Compression()
                                        .before((request, response) -> response.send(TEXT)),
                                builder -> builder.log(log))) {
            int length = get(raw, "gzip").body().length();
            Awaitility.await()
                    .untilAsserted(
                            () ->
                                    assertThat(Files.readString(file).strip())
                                            .isEqualTo(Integer.toString(length)));
        }
    }

    /** A bomb of 10 MB stays the 10 KB that were sent. */
    @Test
    void requestIsNeverInflated() throws Exception {
        byte[] bomb = ContentCoding.GZIP.compress(new byte[10_000_000]);
        Handler handler =
                (request, response) -> {
                    assertThat(request.header("Content-Encoding")).isEqualTo("gzip");
                    assertThat(request.bytes(bomb.length)).isEqualTo(bomb);
                    response.send("as it came");
                };
        try (var raw = serve(handler)) {
            raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n");
            raw.send("Content-Length: " + bomb.length + "\r\n\r\n");
            raw.send(new String(bomb, StandardCharsets.ISO_8859_1));
            assertThat(raw.answer().body()).isEqualTo("as it came");
        }
    }

    @Test
    void upgradeAndErrorsPass() throws Exception {
        Handler handler =
                (request, response) -> {
                    if (request.path().equals("/socket")) {
                        WebSocket.accept(request, response, socket -> socket.send("hello"));
                    } else {
                        throw new HttpException(409, "conflict");
                    }
                };
        try (var raw = serve(handler)) {
            assertThat(get(raw, "gzip").body()).isEqualTo("409 conflict\n");
            raw.send(
                    "GET /socket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade"
                            + "\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            String bytes = "";
            while (!bytes.endsWith("\u0081\u0005hello")) {
                bytes += raw.read(1);
            }
            assertThat(bytes).startsWith("HTTP/1.1 101 ");
        }
    }
}
