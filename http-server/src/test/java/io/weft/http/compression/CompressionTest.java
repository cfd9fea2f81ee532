package io.weft.http.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.BrotliDecoder;
import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Raw;
import io.weft.http.Response;
import io.weft.http.files.StaticFiles;
import io.weft.http.h1.Http1;
import io.weft.http.server.AccessLog;
import io.weft.http.server.LogFormat;
import io.weft.http.websocket.WebSocket;
import io.weft.testing.LogRecorder;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** What is compressed, what is left alone, and that no compressor stays behind. */
class CompressionTest {
    private static final String TEXT = "the weft crosses the warp; ".repeat(100);

    private static Raw.Answer get(Raw raw, String accepted) throws IOException {
        return raw.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accepted + "\r\n\r\n")
                .answer();
    }

    private static InputStream unpacked(ContentCoding coding, String bytes) throws IOException {
        var in = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return switch (coding) {
            case BROTLI -> new BrotliInputStream(in);
            case ZSTD -> new ZstdInputStream(in);
            case GZIP -> new GZIPInputStream(in);
            case DEFLATE -> new InflaterInputStream(in);
        };
    }

    private static String text(ContentCoding coding, String bytes) throws IOException {
        try (var in = unpacked(coding, bytes)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
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
            assertThat(text(coding, answer.body())).isEqualTo(TEXT);
            assertThat(get(raw, "identity").body()).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamIsCompressedAndAFlushIsReadable(ContentCoding coding) throws Exception {
        var read = new CountDownLatch(1);
        Handler handler =
                (request, response) -> {
                    response.header("Content-Type", "text/plain").header("Content-Length", "10");
                    response.body().write("first".getBytes(StandardCharsets.UTF_8));
                    response.body().flush();
                    read.await();
                    response.body().write("other".getBytes(StandardCharsets.UTF_8));
                };
        try (var raw = new Raw(new Compression().atLeast(0).before(handler))) {
            raw.send("GET / HTTP/1.0\r\nAccept-Encoding: " + coding.token() + "\r\n\r\n");
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += raw.read(1);
            }
            assertThat(head)
                    .containsIgnoringCase("Content-Encoding: " + coding.token())
                    .doesNotContainIgnoringCase("Content-Length");
            try (var in =
                    switch (coding) {
                        case BROTLI -> new EagerBrotli(raw.socket().getInputStream());
                        case ZSTD ->
                                new ZstdInputStream(raw.socket().getInputStream())
                                        .setContinuous(true);
                        case GZIP -> new GZIPInputStream(raw.socket().getInputStream());
                        case DEFLATE ->
                                new InflaterInputStream(
                                        raw.socket().getInputStream(), new Inflater(), 512);
                    }) {
                assertThat(new String(in.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
                read.countDown();
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("other");
            }
        }
    }

    /** brotli4j's own stream waits for more than it needs. */
    @SuppressWarnings("InputStreamSlowMultibyteRead") // a few bytes
    private static final class EagerBrotli extends InputStream {
        private final EmbeddedChannel decoder = new EmbeddedChannel(new BrotliDecoder());
        private final InputStream in;
        private final ByteBuf decoded = Unpooled.buffer();

        EagerBrotli(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            while (!decoded.isReadable()) {
                int next = in.read();
                if (next < 0) {
                    return -1;
                }
                decoder.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) next}));
                for (ByteBuf some; (some = decoder.readInbound()) != null; some.release()) {
                    decoded.writeBytes(some);
                }
            }
            return decoded.readByte();
        }

        @Override
        public void close() {
            decoder.finishAndReleaseAll();
        }
    }

    @Test
    void largeStreamIsChunkedAndComesWhole() throws Exception {
        byte[] piece = TEXT.getBytes(StandardCharsets.UTF_8);
        var huge = new byte[300_000];
        Handler handler =
                (request, response) -> {
                    response.header("Content-Type", "application/json");
                    for (int i = 0; i < 500; i++) {
                        response.body().write(piece);
                    }
                    response.body().write(huge);
                    response.trailers().set("X-End", "yes");
                };
        try (var raw = serve(handler)) {
            for (int i = 0; i < 2; i++) {
                var answer = get(raw, "gzip");
                assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(answer.trailers).containsExactly("X-End: yes");
                assertThat(text(ContentCoding.GZIP, answer.body()))
                        .isEqualTo(
                                TEXT.repeat(500) + new String(huge, StandardCharsets.ISO_8859_1));
            }
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
        "part, 2700, -",
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
    void headHasTheFieldsOfGet() throws Exception {
        try (var raw = serve((request, response) -> response.header("ETag", "\"1\"").send(TEXT))) {
            raw.send("HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            var answer = raw.answer("HEAD");
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(answer.header("etag")).isEqualTo("W/\"1\"");
            assertThat(answer.header("content-length")).isNull(); // RFC 9110 section 9.3.2
            assertThat(get(raw, "gzip").status()).isEqualTo(200);
        }
    }

    @Test
    void fileIsCompressedAndItsPartIsNot(@TempDir Path directory) throws Exception {
        String large = TEXT.repeat(200);
        Files.writeString(directory.resolve("a.txt"), large);
        try (var raw = serve(StaticFiles.of(directory))) {
            String request = "GET /a.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n";
            var answer = raw.send(request + "\r\n").answer();
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(answer.header("accept-ranges")).isNull();
            assertThat(answer.header("etag")).startsWith("W/");
            assertThat(text(ContentCoding.GZIP, answer.body())).isEqualTo(large);
            var part = raw.send(request + "Range: bytes=4-7\r\n\r\n").answer();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.header("content-encoding")).isNull();
            assertThat(part.body()).isEqualTo("weft");
            var again =
                    raw.send(request + "If-None-Match: " + answer.header("etag") + "\r\n\r\n")
                            .answer();
            assertThat(again.status()).isEqualTo(304);
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

    /** Counts compressors that are open. */
    private static final class Counted implements Compression.Opener {
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger opened = new AtomicInteger();

        @Override
        public OutputStream open(ContentCoding coding, OutputStream out) throws IOException {
            open.incrementAndGet();
            opened.incrementAndGet();
            return new FilterOutputStream(coding.into(out)) {
                private boolean closed;

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    this.out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    if (!closed) {
                        closed = true;
                        open.decrementAndGet();
                    }
                    this.out.close();
                }
            };
        }
    }

    private static void write(Response response) throws IOException {
        response.header("Content-Type", "text/plain");
        response.body().write(TEXT.getBytes(StandardCharsets.UTF_8));
        response.body().flush();
    }

    @ParameterizedTest
    @EnumSource
    void noCompressorOutlivesItsResponse(ContentCoding coding) throws Exception {
        var counted = new Counted();
        Handler handler =
                (request, response) -> {
                    switch (request.path()) {
                        case "/whole" -> response.send(TEXT);
                        case "/stream" -> write(response);
                        case "/failing" -> {
                            write(response);
                            throw new IllegalStateException("in the middle");
                        }
                        case "/endless" -> {
                            write(response);
                            while (true) {
                                response.body().write(new byte[10_000]);
                                response.body().flush();
                            }
                        }
                        default -> {
                            write(response);
                            Thread.sleep(1_000_000);
                        }
                    }
                };
        try (var log = LogRecorder.of(Http1.class)) {
            var raw = new Raw(new Compression(counted).before(handler));
            String accept = " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + coding.token();
            raw.send("GET /whole" + accept + "\r\n\r\n").answer();
            raw.send("GET /stream" + accept + "\r\n\r\n").answer();
            raw.send("GET /failing" + accept + "\r\n\r\n").rest();
            raw.connect().send("GET /endless" + accept + "\r\n\r\n").read(100);
            raw.socket().setSoLinger(true, 0);
            raw.socket().close();
            Awaitility.await("the end of the endless").until(() -> counted.open.get() == 0);
            raw.connect().send("GET /waiting" + accept + "\r\n\r\n").read(100);
            assertThat(counted.open).hasValue(1);
            raw.close(); // kills it
            assertThat(counted.open).hasValue(0);
            assertThat(counted.opened).hasValue(5);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("/failing", "in the middle");
        }
    }
}
