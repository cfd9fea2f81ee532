package io.weft.http.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.BrotliDecoder;
import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.Response;
import io.weft.http.h1.Http1;
import io.weft.testing.LogRecorder;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Bodies that are written bit by bit, and that no compressor stays behind. */
class CompressedStreamTest {
    private static final String TEXT = "the weft crosses the warp; ".repeat(100);

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
        try (var raw = new Raw(new Compression().before(handler))) {
            for (int i = 0; i < 2; i++) {
                raw.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                var answer = raw.answer();
                assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(answer.trailers).containsExactly("X-End: yes");
                assertThat(Unpacked.text(ContentCoding.GZIP, answer.body()))
                        .isEqualTo(
                                TEXT.repeat(500) + new String(huge, StandardCharsets.ISO_8859_1));
            }
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
            raw.reset();
            Awaitility.await("the end of the endless").until(() -> counted.open.get() == 0);
            raw.connect().send("GET /waiting" + accept + "\r\n\r\n").read(100);
            assertThat(counted.open).hasValue(1);
            raw.close(); // kills it
            assertThat(counted.open).hasValue(0);
            assertThat(counted.opened).hasValue(5);
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("/failing", "in the middle");
        }
    }
}
