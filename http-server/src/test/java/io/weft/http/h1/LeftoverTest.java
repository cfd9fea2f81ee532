package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.http.testing.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;

/** A body that the handler has left holds its connection for a while, and not for ever. */
class LeftoverTest {
    private static final Handler DEAF = (request, response) -> response.send("done");
    private static final String POST = "POST / HTTP/1.1\r\nHost: test\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 262000\r\n\r\n",
                "Content-Length: 262000\r\nConnection: close\r\n\r\n",
                "Content-Length: 99262000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"
            })
    void drippedOneEndsTheConnection(String rest) throws Exception {
        try (var site = new TimedSite(DEAF, Limits.DEFAULT, null)) {
            site.send(POST + rest);
            assertThat(Answer.read(site.client.getInputStream(), false).body()).isEqualTo("done");
            await().atMost(Raw.PATIENCE)
                    .until(
                            () -> {
                                drip(site);
                                site.advance(Duration.ofSeconds(4));
                                return !site.isOpen();
                            });
        }
    }

    private static void drip(TimedSite site) {
        try {
            site.send("x");
        } catch (IOException e) {
            // it has been closed
        }
    }

    @Test
    void oneThatDoesNotComeEndsTheConnection() throws Exception {
        try (var site = new TimedSite(DEAF, Limits.DEFAULT, null)) {
            site.send(POST + "Content-Length: 10\r\n\r\n");
            assertThat(Answer.read(site.client.getInputStream(), false).body()).isEqualTo("done");
            await().atMost(Raw.PATIENCE)
                    .until(
                            () -> {
                                site.advance(Duration.ofSeconds(6));
                                return !site.isOpen();
                            });
        }
    }

    @Test
    void answerSaysThatItIsTheLastIfTheRestIsKnownToBeTooMuch() throws Exception {
        try (var raw = new Raw(DEAF)) {
            raw.send(POST + "Content-Length: 262145\r\n\r\n");
            assertThat(raw.answer().header("connection")).isEqualTo("close");
        }
    }

    @Test
    void answerOfAStreamSaysSoToo() throws Exception {
        Handler streaming = (request, response) -> response.body().write('x');
        try (var raw = new Raw(streaming)) {
            raw.send(POST + "Content-Length: 262145\r\n\r\n");
            assertThat(raw.answer().header("connection")).isEqualTo("close");
        }
    }

    @Test
    void restThatIsSmallEnoughIsDroppedAndTheConnectionStays() throws Exception {
        Handler reading =
                (request, response) -> {
                    assertThat(request.body().readNBytes(10)).hasSize(10);
                    response.send("done");
                };
        try (var raw = new Raw(reading)) {
            String body = "x".repeat(256 * 1024 + 10);
            for (int i = 0; i < 2; i++) {
                raw.send(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                var answer = raw.answer();
                assertThat(answer.body()).isEqualTo("done");
                assertThat(answer.header("connection")).isNull();
            }
        }
    }

    @Test
    void answerSaysThatItIsTheLastIfTheBodyWasMalformed() throws Exception {
        Handler forgiving =
                (request, response) -> {
                    try {
                        response.send(request.text(100));
                    } catch (IOException e) {
                        response.status(422).send("not understood");
                    }
                };
        try (var raw = new Raw(forgiving)) {
            raw.send(POST + "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n");
            var answer = raw.answer();
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }
}
