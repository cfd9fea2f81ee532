package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testing.Broken;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Whose fault the end of a conversation is says its code, and what is logged. */
class AttributionTest {
    private final LogRecorder log = LogRecorder.ofAll(WebSocketUpgrade.class);

    @AfterEach
    void restoreLog() {
        log.close();
    }

    private static int codeOf(Host host) throws Exception {
        try (var client = host.open()) {
            int code = client.nextClose();
            client.close(code, "");
            return code;
        }
    }

    private static int codeOf(WebSocketHandler handler) throws Exception {
        try (var host = new Host(handler)) {
            return codeOf(host);
        }
    }

    private void assertEachIsAnError(Consumer<WebSocketConnection> before) throws Exception {
        var next = new AtomicReference<Broken>();
        try (var host =
                new Host(
                        (WebSocketHandler)
                                socket -> {
                                    before.accept(socket);
                                    next.get().fail();
                                })) {
            for (Broken broken : Broken.values()) {
                log.forget();
                next.set(broken);
                assertThat(codeOf(host)).as("%s", broken).isEqualTo(1011);
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .startsWith("ERROR the handler of WebSocket on connection ");
            }
        }
    }

    @Test
    void handlersFailureIsTheServersError() throws Exception {
        assertEachIsAnError(socket -> {});
    }

    /** This socket has had a time-out too, but that was caught. */
    @Test
    void handlersFailureIsItsOwnAlsoAfterAQuietClient() throws Exception {
        assertEachIsAnError(
                socket ->
                        assertThatThrownBy(() -> socket.receive(Duration.ofMillis(1)))
                                .isInstanceOf(SocketTimeoutException.class));
    }

    @Test
    void clientThatSaysNothingIsSentAway() throws Exception {
        assertThat(codeOf(socket -> socket.receive(Duration.ofMillis(1)))).isEqualTo(1001);
        assertThat(
                        codeOf(
                                socket -> {
                                    try {
                                        socket.receive(Duration.ofMillis(1));
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                }))
                .isEqualTo(1001);
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("DEBUG "));
    }
}
