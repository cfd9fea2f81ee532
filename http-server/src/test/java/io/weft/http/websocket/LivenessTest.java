package io.weft.http.websocket;

import static io.weft.http.websocket.Client.FIN;
import static io.weft.http.websocket.Client.PING;
import static io.weft.http.websocket.Client.PONG;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Select;
import io.weft.queue.Queue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Clients that have gone are noticed, and their coroutines freed. */
class LivenessTest {
    private static final WebSocketSettings QUICK =
            WebSocketSettings.DEFAULT.pingInterval(Duration.ofMillis(50));

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private void echoAndTell(WebSocketConnection socket) throws Exception {
        try {
            EchoServer.echo(socket);
        } finally { // the client may go amid a send
            seen.add(socket.closeCode());
        }
    }

    private Object seen() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void clientThatAnswersPingsStays() throws Exception {
        var slower = WebSocketSettings.DEFAULT.pingInterval(Duration.ofSeconds(2));
        try (var host = new Host(slower, this::echoAndTell);
                var client = host.open()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.next().first()).isEqualTo(FIN | PING);
                client.frame(FIN | PONG, new byte[0]);
            }
            client.close(1000, "");
            assertThat(client.nextClose()).isEqualTo(1000);
            assertThat(seen()).isEqualTo(1000);
        }
    }

    @Test
    void clientThatDoesNotAnswerAPingIsCutOff() throws Exception {
        try (var host = new Host(QUICK, this::echoAndTell);
                var client = host.open()) {
            assertThat(client.next().first()).isEqualTo(FIN | PING);
            assertThat(client.isAtTheEnd()).isTrue();
            assertThat(seen()).isEqualTo(1006);
        }
    }

    @Test
    void handlerCanPingToo() throws Exception {
        try (var host =
                        new Host(
                                WebSocketSettings.DEFAULT.pingInterval(null),
                                WebSocketConnection::ping);
                var client = host.open()) {
            assertThat(client.next().first()).isEqualTo(FIN | PING);
            assertThat(client.nextClose()).isEqualTo(1000);
        }
    }

    @Test
    void abruptEndFreesTheCoroutine() throws Exception {
        try (var host = new Host(this::echoAndTell)) {
            for (int i = 0; i < 10; i++) {
                var client = host.open();
                client.text("x");
                client.reset();
                assertThat(seen()).isEqualTo(1006);
            }
            host.awaitConnections(0);
        }
    }

    @Test
    void endWithoutACloseFreesTheCoroutine() throws Exception {
        try (var host = new Host(this::echoAndTell);
                var client = host.open()) {
            client.text("x");
            client.frame(Client.TEXT, new byte[] {'y'}); // the rest does not come
            client.socket.shutdownOutput();
            assertThat(client.nextText()).isEqualTo("x");
            assertThat(client.isAtTheEnd()).isTrue();
            assertThat(seen()).isEqualTo(1006);
        }
    }

    @Test
    void endAmidAHandshakeFreesTheCoroutine() throws Exception {
        try (var host = new Host(this::echoAndTell)) {
            for (int i = 0; i < 10; i++) {
                var client = host.connect();
                client.raw(
                        Client.head(
                                "GET / HTTP/1.1",
                                "Host: a",
                                "Upgrade: websocket",
                                "Connection: Upgrade",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
                client.reset();
            }
            host.awaitConnections(0);
        }
    }

    @Test
    void handlerCanWaitForTheClientAndForSomethingElse() throws Exception {
        var news = new Queue<String>();
        WebSocketHandler handler =
                socket -> {
                    var incoming = socket.incoming();
                    while (true) {
                        for (var ready : Select.any(List.of(incoming, news))) {
                            if (ready == news) {
                                socket.send(news.get());
                            } else if (socket.receive() == null) {
                                seen.add(socket.closeCode());
                                return;
                            } else {
                                seen.add("heard");
                            }
                        }
                    }
                };
        try (var host = new Host(handler);
                var client = host.open()) {
            news.put("first");
            assertThat(client.nextText()).isEqualTo("first");
            client.text("hello");
            assertThat(seen()).isEqualTo("heard");
            news.put("second");
            assertThat(client.nextText()).isEqualTo("second");
            client.reset();
            assertThat(seen()).isEqualTo(1006);
        }
    }
}
