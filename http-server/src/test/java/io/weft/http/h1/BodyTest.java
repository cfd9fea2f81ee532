package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.Raw;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The body of a request: read, not read, too large, too late (pywsgi's points 5 and 7 to 9). */
class BodyTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: test\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final Handler ECHO =
            (request, response) -> response.send(request.bytes(1_000_000));
    private static final Handler IGNORE = (request, response) -> response.send("ignored");

    @Test
    void lengthEndsIt() throws Exception {
        try (var raw = new Raw(ECHO)) {
            raw.send(POST + "Content-Length: 5\r\n\r\nhello" + POST + "Content-Length: 0\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("hello");
            assertThat(raw.answer().body()).isEmpty();
            assertThat(raw.get("/").body()).isEmpty();
        }
    }

    @Test
    void chunksArePutTogether() throws Exception {
        try (var raw = new Raw(ECHO)) {
            raw.send(CHUNKED + "5\r\nhello\r\n");
            raw.send("6;name=value\r\n world\r\n0\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("hello world");
            assertThat(raw.get("/").body()).isEmpty();
        }
    }

    @Test
    void trailersCanBeReadAndAreNoRequest() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            request.bytes(99);
                            response.send(
                                    request.trailers().get("X-Sum")
                                            + " "
                                            + request.trailers().get("GET"));
                        })) {
            raw.send(CHUNKED + "1\r\nx\r\n0\r\nX-Sum: 42\r\nGET: / HTTP/1.1\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("42 / HTTP/1.1");
            assertThat(raw.get("/").body()).isEqualTo("null null");
        }
    }

    @Test
    void isReadByteByByteAndNoFurtherThanItsEnd() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            var text = new StringBuilder();
                            for (byte b : request.body().readAllBytes()) {
                                text.append((char) b).append('.');
                            }
                            assertThat(request.body().read(new byte[9])).isEqualTo(-1);
                            response.send(text.toString());
                        })) {
            raw.send(POST + "Content-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("a.b.c.");
            assertThat(raw.answer().body()).isEmpty();
        }
    }

    @Test
    void largeOneGoesThroughBothWays() throws Exception {
        String large = "0123456789".repeat(100_000);
        try (var raw = new Raw(ECHO)) {
            raw.send(POST + "Content-Length: " + large.length() + "\r\n\r\n" + large);
            assertThat(raw.answer().body()).isEqualTo(large);
        }
    }

    @Test
    void continueIsSentOnceAtTheFirstRead() throws Exception {
        try (var raw = new Raw(ECHO)) {
            raw.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(raw.answer().head).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            raw.send("hello");
            var answer = raw.answer();
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.header("connection")).isNull();
        }
    }

    @Test
    void continueIsNotSentToOneWhoHasSentAlready() throws Exception {
        try (var raw = new Raw(ECHO)) {
            raw.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
            assertThat(raw.answer().body()).isEqualTo("hello");
        }
    }

    /** It may or may not send its body now, so nothing more is read from it. */
    @Test
    void refusedExpectationClosesTheConnection() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            throw new HttpException(417, "no");
                        })) {
            raw.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            var answer = raw.answer();
            assertThat(answer.status()).isEqualTo(417);
            assertThat(answer.header("connection")).isEqualTo("close");
            raw.socket().shutdownOutput();
            raw.assertClosed();
        }
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 26, ''", "Transfer-Encoding: chunked, chunked"})
    void unreadOneIsDroppedAndNeverParsed(String framing, String chunked) throws Exception {
        String body = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(body).hasSize(27);
        String sent = chunked.isEmpty() ? body.substring(0, 26) : "1b\r\n" + body + "\r\n0\r\n\r\n";
        var calls = new AtomicInteger();
        try (var raw =
                new Raw(
                        (request, response) -> {
                            calls.incrementAndGet();
                            response.send(request.path());
                        })) {
            raw.send(POST.replace("/ ", "/first ") + framing + "\r\n\r\n" + sent);
            assertThat(raw.answer().body()).isEqualTo("/first");
            assertThat(raw.get("/second").body()).isEqualTo("/second");
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void unreadOneThatIsTooLargeClosesTheConnection() throws Exception {
        int length = 2 * Limits.DEFAULT.unreadBody();
        try (var raw = new Raw(IGNORE)) {
            raw.send(POST + "Content-Length: " + length + "\r\n\r\n" + "x".repeat(length));
            assertThat(raw.answer().body()).isEqualTo("ignored");
            raw.socket().shutdownOutput();
            raw.assertClosed();
        }
    }

    @Test
    void announcedOneThatIsTooLargeIsRefusedUnread() throws Exception {
        var calls = new AtomicInteger();
        try (var raw =
                new Raw(
                        (request, response) -> calls.incrementAndGet(),
                        builder -> builder.limits(Limits.DEFAULT.body(10)))) {
            raw.send(POST + "Content-Length: 11\r\n\r\n");
            assertThat(raw.answer().status()).isEqualTo(413);
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void chunkedOneThatIsTooLargeIsRefused() throws Exception {
        try (var raw = new Raw(ECHO, builder -> builder.limits(Limits.DEFAULT.body(10)))) {
            raw.send(CHUNKED + "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");
            var answer = raw.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    /** Whatever the handler makes of it: what comes behind is no request. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"6~hello ~5~world~0~~ ", "x~hello~0~~ ", "5~hello~0~nonsense~~ "})
    void handlerThatDoesNotMindARefusalLosesTheConnection(String body) throws Exception {
        var calls = new AtomicInteger();
        Handler careless =
                (request, response) -> {
                    calls.incrementAndGet();
                    try {
                        request.body().readAllBytes();
                    } catch (IOException e) {
                        response.send("never mind");
                    }
                };
        try (var raw = new Raw(careless, builder -> builder.limits(Limits.DEFAULT.body(10)))) {
            raw.send(CHUNKED + body.strip().replace("~", "\r\n"));
            raw.sendGet("/");
            assertThat(raw.answer().body()).isEqualTo("never mind");
            raw.socket().shutdownOutput();
            raw.assertClosed();
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void slowOneIsGivenUp() throws Exception {
        try (var raw =
                new Raw(
                        ECHO,
                        builder ->
                                builder.limits(
                                        Limits.DEFAULT.clientTime(
                                                Duration.ofMillis(50), Raw.PATIENCE)))) {
            raw.send(POST + "Content-Length: 5\r\n\r\nhel");
            assertThat(raw.answer().status()).isEqualTo(408);
            raw.socket().shutdownOutput();
            raw.assertClosed();
        }
    }

    @Test
    void oneThatEndsTooEarlyIsRefused() throws Exception {
        try (var raw = new Raw(ECHO)) {
            raw.send(POST + "Content-Length: 5\r\n\r\nhel").socket().shutdownOutput();
            assertThat(raw.answer().status()).isEqualTo(400);
            raw.assertClosed();
        }
    }

    /** Larger than an int and a long's half: counted, not held. */
    @Test
    void lengthBeyondFourGigabytesIsCountedRight() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            assertThat(request.header("Content-Length")).isEqualTo("5000000000");
                            assertThat(request.body().readNBytes(3)).hasSize(3);
                            response.header("Connection", "close").send("three");
                        })) {
            raw.send(POST + "Content-Length: 5000000000\r\n\r\nabc");
            assertThat(raw.answer().body()).isEqualTo("three");
            raw.socket().shutdownOutput();
            raw.assertClosed();
        }
    }
}
