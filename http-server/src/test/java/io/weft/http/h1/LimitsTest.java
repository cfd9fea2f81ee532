package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.http.testing.Answer;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** What a client may not ask for (point 15), each with its status, and the connection closed. */
class LimitsTest {
    private static final Handler FINE = (request, response) -> response.send("fine");
    private static final Duration MOMENT = Duration.ofMillis(50);

    private static Raw server(Limits limits) throws Exception {
        return new Raw(FINE, builder -> builder.limits(limits));
    }

    private static void refusedAsSlow(TimedSite site) throws Exception {
        var answer = Answer.read(site.client.getInputStream(), false);
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.header("connection")).isEqualTo("close");
        site.client.shutdownOutput();
        assertThat(site.client.getInputStream().read()).isNegative();
    }

    private static void refused(Raw raw, int status) throws Exception {
        var answer = raw.answer();
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("connection")).isEqualTo("close");
        raw.socket().shutdownOutput();
        raw.assertClosed();
    }

    @Test
    void requestLine() throws Exception {
        String rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
        try (var raw = server(Limits.DEFAULT.requestLine(100))) {
            raw.send("GET /" + "x".repeat(80) + rest);
            assertThat(raw.answer().body()).isEqualTo("fine");
            raw.send("GET /" + "x".repeat(100) + rest);
            refused(raw, 414);
        }
    }

    @Test
    void headerCount() throws Exception {
        try (var raw = server(Limits.DEFAULT)) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(99) + "\r\n");
            assertThat(raw.answer().body()).isEqualTo("fine");
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(100) + "\r\n");
            refused(raw, 431);
        }
    }

    @Test
    void headerSize() throws Exception {
        try (var raw = server(Limits.DEFAULT)) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(8_000) + "\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("fine");
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(8_200) + "\r\n\r\n");
            refused(raw, 431);
        }
    }

    @Test
    void wholeHead() throws Exception {
        try (var raw = server(Limits.DEFAULT)) {
            String field = "X: " + "y".repeat(8_000) + "\r\n";
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + field.repeat(40) + "\r\n");
            refused(raw, 431);
        }
    }

    /** They are not even decoded: 64 000 would take megabytes. */
    @Test
    void emptyFieldsAreCountedAsTheyCome() throws Exception {
        try (var raw = server(Limits.DEFAULT)) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + "a:\r\n".repeat(60_000));
            refused(raw, 431);
        }
    }

    /**
     * Netty's hash looks at five bits of a letter. A chain of a hundred is the longest there is.
     */
    @Test
    void fieldsOfOneHashAreCountedToo() throws Exception {
        var fields = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            String name = String.format("%7s", Integer.toBinaryString(i)).replace(' ', '0');
            fields.append(name.replace('0', 'a').replace('1', '!')).append(": x\r\n");
        }
        long hashes =
                fields.toString()
                        .lines()
                        .map(line -> AsciiString.hashCode(line.substring(0, 7)))
                        .distinct()
                        .count();
        assertThat(hashes).isOne();
        try (var raw = server(Limits.DEFAULT)) {
            String most = fields.substring(0, fields.lastIndexOf("!!aaa!!"));
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + most + "\r\n");
            assertThat(raw.answer().body()).isEqualTo("fine");
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
            refused(raw, 431);
        }
    }

    private static Raw reading() throws Exception {
        return new Raw((request, response) -> response.send(request.text(100)));
    }

    private static final String CHUNKED =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Test
    void chunkExtension() throws Exception {
        try (var raw = reading()) {
            raw.send(CHUNKED + "2;x=" + "y".repeat(2_000) + "\r\nhi\r\n0\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("hi");
            raw.send(CHUNKED + "2;x=" + "y".repeat(20_000));
            refused(raw, 400);
        }
    }

    @Test
    void trailers() throws Exception {
        try (var raw = reading()) {
            raw.send(CHUNKED + "0\r\n" + "X: y\r\n".repeat(100) + "\r\n");
            assertThat(raw.answer().status()).isEqualTo(200);
            raw.send(CHUNKED + "0\r\n" + "X: y\r\n".repeat(101) + "\r\n");
            refused(raw, 431);
            raw.connect().send(CHUNKED + "0\r\nX: " + "y".repeat(8_200) + "\r\n\r\n");
            refused(raw, 431);
            raw.connect().send(CHUNKED + "0\r\n" + ("X: " + "y".repeat(8_000) + "\r\n").repeat(40));
            refused(raw, 431);
        }
    }

    /** Refused at the line after the last that may be, though no end comes. */
    @Test
    void trailersAreCountedAsTheyCome() throws Exception {
        try (var raw = reading()) {
            raw.send(CHUNKED + "0\r\n" + "a:\r\n".repeat(101));
            refused(raw, 431);
            raw.connect().send(CHUNKED + "0\r\n");
            for (int i = 0; i < 101; i++) {
                raw.send("a").send(":\r").send("\n");
            }
            refused(raw, 431);
        }
    }

    /** Each is within its own limit; their sum has one that grows with the data (Go's). */
    @Test
    void chunkExtensionsInAll() throws Exception {
        try (var raw = reading()) {
            raw.send(CHUNKED + "1\r\nx\r\n".repeat(50) + "0\r\n\r\n");
            assertThat(raw.answer().body()).hasSize(50);
            raw.send(CHUNKED + ("1;x=" + "y".repeat(2_000) + "\r\nh\r\n").repeat(9));
            refused(raw, 400);
        }
    }

    @Test
    void bodyBeyondFourGigabytes() throws Exception {
        long limit = (1L << 32) + 10;
        try (var raw =
                new Raw(
                        (request, response) -> {
                            assertThat(request.body().read()).isEqualTo('x');
                            response.header("Connection", "close").send("began");
                        },
                        builder -> builder.limits(Limits.DEFAULT.body(limit)))) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
            raw.send(post + limit + "\r\n\r\nx");
            assertThat(raw.answer().body()).isEqualTo("began");
            raw.connect().send(post + (limit + 1) + "\r\n\r\nx");
            refused(raw, 413); // and not taken for 11
        }
    }

    @Test
    void timeToTheEndOfTheHead() throws Exception {
        var limits = Limits.DEFAULT.headTime(MOMENT);
        try (var site = new TimedSite(FINE, limits, null)) {
            site.send("GET / HTTP/1.1\r\nHos");
            site.awaitWaiting();
            site.advance(MOMENT);
            refusedAsSlow(site);
        }
        try (var site = new TimedSite(FINE, limits, null)) {
            site.awaitWaiting();
            site.advance(MOMENT);
            assertThat(site.client.getInputStream().read()).isNegative(); // who says nothing
        }
    }

    /** The time between requests ends with the first byte of the next. */
    @Test
    void slowSecondHeadHasItsOwnTime() throws Exception {
        var limits = Limits.DEFAULT.keepAlive(MOMENT).headTime(MOMENT.multipliedBy(6));
        try (var site = new TimedSite(FINE, limits, null)) {
            site.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(Answer.read(site.client.getInputStream(), false).body()).isEqualTo("fine");
            site.send("GET / HT");
            site.awaitWaiting();
            site.advanceUntilToldOf(MOMENT);
            refusedAsSlow(site);
        }
    }
}
