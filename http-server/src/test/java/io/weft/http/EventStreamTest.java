package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Weft;
import io.weft.http.compression.Compression;
import io.weft.http.h1.Http1;
import io.weft.http.testing.Answer;
import io.weft.http.testing.Site;
import io.weft.server.StreamServer;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** Events as they go over the wire, and the end of them. */
class EventStreamTest {
    private interface Events {
        void send(EventStream events) throws Exception;
    }

    private static Answer answer(Events sender) throws Exception {
        try (var raw = new Raw((request, response) -> sender.send(EventStream.of(response)))) {
            return raw.get("/");
        }
    }

    @Test
    void headSaysWhatItIs() throws Exception {
        var answer = answer(events -> {});
        assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("x-accel-buffering")).isEqualTo("no");
        assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
    }

    @Test
    void eachEventIsOnePiece() throws Exception {
        var answer =
                answer(
                        events -> {
                            events.send("one");
                            events.send("two", "tick", "7");
                            events.send("", null, "");
                            events.retry(Duration.ofSeconds(3));
                            events.comment("still here");
                            events.comment("");
                        });
        assertThat(answer.chunks)
                .containsExactly(
                        "data: one\n\n",
                        "event: tick\nid: 7\ndata: two\n\n",
                        "id: \ndata: \n\n",
                        "retry: 3000\n\n",
                        ": still here\n\n",
                        ": \n\n");
    }

    @Test
    void everyKindOfLineBreakSplitsData() throws Exception {
        var answer =
                answer(
                        events -> {
                            events.send("a\nb\r\nc\rd\n\ne\n");
                            events.send("x\n\nevent: forged\rid: 9");
                            events.comment("a\rdata: forged");
                        });
        assertThat(answer.chunks)
                .containsExactly(
                        "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n",
                        "data: x\ndata: \ndata: event: forged\ndata: id: 9\n\n",
                        ": a\n: data: forged\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r\nb", "a\0b"})
    void nameAndIdCannotBringFieldsOfTheirOwn(String value) throws Exception {
        var answer =
                answer(
                        events -> {
                            assertThatThrownBy(() -> events.send("x", value, null))
                                    .isInstanceOf(IllegalArgumentException.class);
                            assertThatThrownBy(() -> events.send("x", null, value))
                                    .isInstanceOf(IllegalArgumentException.class);
                            events.send("fine");
                        });
        assertThat(answer.body()).isEqualTo("data: fine\n\n");
    }

    @Test
    void textIsUtf8BothWays() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            String last = EventStream.lastEventId(request);
                            assertThat(last).isIn(null, "\u5f84");
                            EventStream.of(response).send("" + last);
                        })) {
            assertThat(raw.get("/").body()).isEqualTo("data: null\n\n");
            String id =
                    new String(
                            "\u5f84".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " + id + "\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("data: " + id + "\n\n");
        }
    }

    @Test
    void headAndEventsComeAtOnce() throws Exception {
        var go = new CountDownLatch(1);
        try (var raw =
                new Raw(
                        (request, response) -> {
                            var events = EventStream.of(response);
                            go.await();
                            events.send("now");
                            Weft.sleep(Duration.ofHours(1));
                        })) {
            raw.sendGet("/");
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += raw.read(1);
            }
            go.countDown();
            assertThat(raw.read(16)).isEqualTo("b\r\ndata: now\n\n\r\n");
        }
    }

    /** In a wait of an hour, and without a line in the log: it is nobody's fault. */
    @SuppressWarnings("try") // closed early
    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "half"})
    void clientThatGoesAwayEndsTheHandler(String how) throws Exception {
        var ended = new CompletableFuture<Throwable>();
        Handler handler =
                (request, response) -> {
                    try {
                        EventStream.of(response).send("one");
                        Weft.sleep(Duration.ofHours(1));
                    } catch (InterruptedException | IOException e) {
                        ended.complete(e);
                        throw e;
                    }
                };
        try (var log = LogRecorder.of(Http1.class);
                var report = LogRecorder.of(StreamServer.class);
                var site = new Site(handler)) {
            try (var socket = site.connect()) {
                Site.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                var text = new StringBuilder();
                while (text.indexOf("data: one") < 0) {
                    text.append((char) socket.getInputStream().read());
                }
                switch (how) {
                    case "close" -> socket.close();
                    case "reset" -> Site.reset(socket);
                    default -> socket.shutdownOutput();
                }
                assertThat(ended.get(30, TimeUnit.SECONDS)).isNotNull();
            }
            assertThat(log.messages()).isEmpty();
            assertThat(report.messages()).isEmpty();
        }
    }

    @Test
    void nextRequestOfTheConnectionIsNotEnded() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            if (request.path().equals("/events")) {
                                EventStream.of(response).send("one");
                            } else {
                                response.send(request.text(10));
                            }
                        })) {
            assertThat(raw.get("/events").body()).isEqualTo("data: one\n\n");
            raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
            raw.socket().shutdownOutput();
            assertThat(raw.answer().body()).isEqualTo("hi");
        }
    }

    @Test
    void compressedOnesComeAtOnceToo() throws Exception {
        Handler handler =
                (request, response) -> {
                    var events = EventStream.of(response);
                    events.send("one");
                    Weft.sleep(Duration.ofHours(1));
                };
        try (var raw = new Raw(new Compression().types(type -> true).before(handler))) {
            raw.send("GET / HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += raw.read(1);
            }
            assertThat(firstOf(raw)).isEqualTo("data: one\n\n");
        }
    }

    private static String firstOf(Raw raw) throws IOException {
        var in = new GZIPInputStream(raw.socket().getInputStream());
        return new String(in.readNBytes(11), StandardCharsets.UTF_8);
    }
}
