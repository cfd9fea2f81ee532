package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Limits;
import io.weft.http.Raw;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** What a client may not ask for (point 15), each with its status, and the connection closed. */
class LimitsTest {
    private static Raw server(Limits limits) throws Exception {
        return new Raw(
                (request, response) -> response.send("fine"), builder -> builder.limits(limits));
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

    @Test
    void timeToTheEndOfTheHead() throws Exception {
        try (var raw = server(Limits.DEFAULT.headTime(Duration.ofMillis(50)))) {
            raw.send("GET / HTTP/1.1\r\nHos");
            refused(raw, 408);
            raw.connect().assertClosed(); // who says nothing gets nothing
        }
    }

    /** The time between requests ends with the first byte of the next. */
    @Test
    void slowSecondHeadHasItsOwnTime() throws Exception {
        var limits =
                Limits.DEFAULT.keepAlive(Duration.ofMillis(50)).headTime(Duration.ofMillis(300));
        try (var raw = server(limits)) {
            assertThat(raw.get("/").body()).isEqualTo("fine");
            raw.send("GET / HT");
            refused(raw, 408);
        }
    }
}
