package io.weft.http.websocket;

import static io.weft.http.websocket.Client.CLOSE;
import static io.weft.http.websocket.Client.FIN;
import static io.weft.http.websocket.Client.PING;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Who closes, by what code, and who learns of it (RFC 6455 section 7). */
class CloseTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private Object seen() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS);
    }

    private void echoAndTell(WebSocketConnection socket) throws Exception {
        seen.add(socket.closeCode());
        EchoServer.echo(socket);
        seen.add(socket.closeCode());
        seen.add(socket.closeReason());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1008, 1011, 3000, 4999})
    void clientsCodeIsSentBackAndTheConnectionEnds(int code) throws Exception {
        try (var host = new Host(this::echoAndTell);
                var client = host.open()) {
            assertThat(seen()).isEqualTo(0); // the handler has begun
            client.close(code, "done");
            assertThat(client.nextClose()).isEqualTo(code);
            assertThat(client.isAtTheEnd()).isTrue();
            assertThat(seen()).isEqualTo(code);
            assertThat(seen()).isEqualTo("done");
        }
    }

    @Test
    void closeWithoutACodeIsAnsweredByOne() throws Exception {
        try (var host = new Host(this::echoAndTell);
                var client = host.open()) {
            client.frame(FIN | CLOSE, new byte[0]);
            assertThat(client.nextClose()).isZero();
            assertThat(client.isAtTheEnd()).isTrue();
            seen();
            assertThat(seen()).isEqualTo(1005);
        }
    }

    @Test
    void whatWasSentBeforeTheCloseIsAnsweredBeforeIt() throws Exception {
        try (var host = new Host(this::echoAndTell);
                var client = host.open()) {
            var both = new java.io.ByteArrayOutputStream();
            both.write(Client.masked(FIN | Client.TEXT, new byte[] {'x'}));
            both.write(Client.masked(FIN | CLOSE, Client.closing(1000, "")));
            client.raw(both.toByteArray());
            assertThat(client.nextText()).isEqualTo("x");
            assertThat(client.nextClose()).isEqualTo(1000);
        }
    }

    @Test
    void whatComesAfterTheCloseIsIgnored() throws Exception {
        try (var host = new Host(this::echoAndTell);
                var client = host.open()) {
            var bytes = new java.io.ByteArrayOutputStream();
            bytes.write(Client.masked(FIN | CLOSE, Client.closing(1000, "")));
            bytes.write(Client.masked(FIN | PING, new byte[0]));
            bytes.write(Client.masked(FIN | Client.TEXT, new byte[] {'x'}));
            client.raw(bytes.toByteArray());
            assertThat(client.nextClose()).isEqualTo(1000);
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    @Test
    void handlerThatReturnsHasClosedNormally() throws Exception {
        try (var host = new Host(socket -> socket.send("bye"));
                var client = host.open()) {
            assertThat(client.nextText()).isEqualTo("bye");
            assertThat(client.nextClose()).isEqualTo(1000);
            client.text("too late");
            client.close(1000, "");
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    /** What another connection of the handler's throws is no word of the client's. */
    @ParameterizedTest
    @ValueSource(strings = {"java.net.SocketTimeoutException", "java.io.IOException"})
    void exceptionOfSomethingElseIsTheHandlersFailure(String type) throws Exception {
        IOException thrown =
                Class.forName(type)
                        .asSubclass(IOException.class)
                        .getConstructor(String.class)
                        .newInstance("of another");
        try (var log = LogRecorder.of(WebSocketUpgrade.class);
                var host =
                        new Host(
                                socket -> {
                                    throw thrown;
                                });
                var client = host.open()) {
            assertThat(client.nextClose()).isEqualTo(1011);
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("of another");
            client.close(1011, "");
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    @Test
    void clientThatSaysNothingInTimeIsToldSo() throws Exception {
        try (var host = new Host(socket -> socket.receive(Duration.ofMillis(20)));
                var client = host.open()) {
            assertThat(client.nextClose()).isEqualTo(1001);
        }
    }

    @Test
    void handlerThatThrowsIsLoggedAndTheClientIsToldSo() throws Exception {
        try (var log = LogRecorder.of(WebSocketUpgrade.class);
                var host =
                        new Host(
                                socket -> {
                                    throw new IllegalStateException("of no use");
                                });
                var client = host.open()) {
            assertThat(client.nextClose()).isEqualTo(1011);
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("of no use");
            client.close(1011, "");
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    @Test
    void serverClosesAndStillReceivesUntilTheClientDoes() throws Exception {
        try (var host =
                        new Host(
                                socket -> {
                                    socket.close(4000, "enough");
                                    seen.add(socket.isOpen());
                                    socket.close(4001, "once only");
                                    seen.add(socket.receive().text());
                                    seen.add("" + socket.receive());
                                    seen.add(socket.closeCode());
                                });
                var client = host.open()) {
            var close = client.next();
            assertThat(close.code()).isEqualTo(4000);
            assertThat(close.reason()).isEqualTo("enough");
            client.frame(FIN | PING, new byte[0]); // not answered any more
            client.text("last words");
            client.close(4000, "");
            assertThat(client.isAtTheEnd()).isTrue();
            assertThat(seen()).isEqualTo(false);
            assertThat(seen()).isEqualTo("last words");
            assertThat(seen()).isEqualTo("null");
            assertThat(seen()).isEqualTo(4000);
        }
    }

    @Test
    void clientThatDoesNotAnswerACloseIsCutOff() throws Exception {
        var settings = WebSocketSettings.DEFAULT.closeTimeout(Duration.ofMillis(50));
        try (var host = new Host(settings, socket -> {});
                var client = host.open()) {
            assertThat(client.nextClose()).isEqualTo(1000);
            assertThat(client.isAtTheEnd()).isTrue();
            host.awaitConnections(0);
        }
    }

    @Test
    void sendAfterCloseIsRefused() throws Exception {
        try (var host =
                        new Host(
                                socket -> {
                                    socket.close();
                                    assertThatThrownBy(() -> socket.send("x"))
                                            .isInstanceOf(IOException.class)
                                            .hasMessageContaining("is closed");
                                    seen.add("refused");
                                });
                var client = host.open()) {
            assertThat(client.nextClose()).isEqualTo(1000);
            assertThat(seen()).isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, -1})
    void codesThatMayNotBeSentAreRefused(int code) throws Exception {
        try (var host =
                        new Host(
                                socket -> {
                                    assertThatThrownBy(() -> socket.close(code, ""))
                                            .isInstanceOf(IllegalArgumentException.class)
                                            .hasMessageContaining("but got " + code);
                                    assertThatThrownBy(
                                                    () -> socket.close(1000, "\u00e9".repeat(62)))
                                            .isInstanceOf(IllegalArgumentException.class)
                                            .hasMessageContaining("123 bytes");
                                    seen.add("refused");
                                });
                var client = host.open()) {
            assertThat(seen()).isEqualTo("refused");
            assertThat(client.nextClose()).isEqualTo(1000);
        }
    }

    @Test
    void receiveThatTakesTooLongCanBeTriedAgain() throws Exception {
        try (var host =
                        new Host(
                                socket -> {
                                    assertThatThrownBy(() -> socket.receive(Duration.ofMillis(1)))
                                            .isInstanceOf(SocketTimeoutException.class);
                                    assertThatThrownBy(() -> socket.receive(Duration.ZERO))
                                            .isInstanceOf(SocketTimeoutException.class);
                                    socket.send("now");
                                    seen.add(socket.receive(LONG).text());
                                    socket.receive(Duration.ofMillis(1));
                                });
                var client = host.open()) {
            assertThat(client.nextText()).isEqualTo("now");
            client.text("here");
            assertThat(seen()).isEqualTo("here");
            assertThat(client.nextClose()).isEqualTo(1001); // the last one was not caught
        }
    }

    @Test
    void serverThatStopsSaysSo() throws Exception {
        try (var host = new Host(this::echoAndTell);
                var client = host.open()) {
            client.text("x");
            assertThat(client.nextText()).isEqualTo("x");
            var stopped = new CountDownLatch(1);
            Thread.ofPlatform()
                    .start(
                            () -> {
                                try {
                                    seen.add(host.server.stop(LONG));
                                } catch (InterruptedException e) {
                                    seen.add(e);
                                }
                                stopped.countDown();
                            });
            var close = client.next();
            assertThat(close.code()).isEqualTo(1001);
            assertThat(close.reason()).isEqualTo("the server stops");
            client.close(1001, "");
            assertThat(client.isAtTheEnd()).isTrue();
            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).contains(0, 1001, true);
        }
    }

    @Test
    void handlerThatIsKilledStillSaysGoodbye() throws Exception {
        var begun = new CountDownLatch(1);
        WebSocketHandler handler =
                socket -> {
                    begun.countDown();
                    Weft.sleep(LONG);
                };
        try (var host = new Host(handler);
                var client = host.open()) {
            begun.await();
            host.server.stopAccepting();
            host.server.group().loops().forEach(CloseTest::killHandlers);
            assertThat(client.nextClose()).isEqualTo(1001);
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    private static void killHandlers(io.weft.Loop loop) {
        try {
            loop.call(
                    () -> {
                        for (var coroutine : loop.coroutines()) {
                            if (coroutine != io.weft.Coroutine.current()) {
                                coroutine.kill();
                            }
                        }
                        return null;
                    });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
