package io.weft.http.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.http.Raw;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Answers that wait until there is something to tell. */
class WaitingTest extends DemoSite {
    @Test
    void pollIsToldWhatIsPublished() throws Exception {
        raw.sendGet("/poll?timeout=30");
        var waiting = raw.socket();
        raw.connect();
        // the poll may not have begun yet; then it waits for the next one
        var body = new StringBuilder();
        var reader =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                body.append((char) waiting.getInputStream().read());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        while (!reader.join(Duration.ofMillis(20))) {
            raw.send("POST /publish HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(raw.answer().status()).isEqualTo(200);
        }
        assertThat(body).hasToString("H");
        assertThat(new String(waiting.getInputStream().readNBytes(14), StandardCharsets.UTF_8))
                .isEqualTo("TTP/1.1 200 OK");
    }

    @Test
    void pollEndsWithItsClient() throws Exception {
        raw.sendGet("/poll?timeout=300");
        await().atMost(Raw.PATIENCE).until(() -> raw.server.connectionCount() == 1);
        raw.socket().close();
        await().atMost(Raw.PATIENCE).until(() -> raw.server.connectionCount() == 0);
    }

    @Test
    void eventsComeAsTheyHappen() throws Exception {
        raw.sendGet("/events");
        String expected = "id: 1\ndata: event 1\n\n";
        var seen = new StringBuilder();
        while (!seen.toString().contains(expected)) {
            seen.append(raw.read(1));
        }
        assertThat(seen.toString()).contains("text/event-stream");
    }
}
