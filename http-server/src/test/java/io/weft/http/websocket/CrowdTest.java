package io.weft.http.websocket;

import static io.weft.http.websocket.Client.FIN;
import static io.weft.http.websocket.Client.PING;
import static io.weft.http.websocket.Client.PONG;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Weft;
import io.weft.pool.Group;
import io.weft.sync.Event;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Many at once on one connection, and more than one side takes. */
class CrowdTest {
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private Object seen() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void secondReceiverIsRefusedAndTheFirstGoesOn() throws Exception {
        WebSocketHandler handler =
                socket -> {
                    var first = Weft.spawn(() -> socket.receive().text());
                    Weft.yieldNow();
                    assertThatThrownBy(socket::receive)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("two coroutines cannot receive at once");
                    socket.send("now");
                    seen.add(first.get());
                };
        try (var host = new Host(handler);
                var client = host.open()) {
            assertThat(client.nextText()).isEqualTo("now");
            client.text("mine");
            assertThat(seen()).isEqualTo("mine");
        }
    }

    @Test
    void receiverThatTheHandlerLeavesBehindIsTold() throws Exception {
        WebSocketHandler handler =
                socket -> {
                    Weft.spawn(() -> seen.add("" + socket.receive()));
                    Weft.yieldNow();
                };
        try (var host = new Host(handler);
                var client = host.open()) {
            assertThat(client.nextClose()).isEqualTo(1000);
            assertThat(seen()).isEqualTo("null");
        }
    }

    @Test
    void messagesOfManySendersStayWhole() throws Exception {
        int senders = 20;
        int each = 30;
        WebSocketHandler handler =
                socket -> {
                    var group = new Group();
                    for (int i = 0; i < senders; i++) {
                        String text = Character.toString('a' + i).repeat(5_000 + 1000 * i);
                        group.spawn(
                                () -> {
                                    for (int j = 0; j < each; j++) {
                                        socket.send(text);
                                    }
                                });
                    }
                    group.join();
                };
        try (var host = new Host(handler);
                var client = host.open()) {
            var counts = new int[senders];
            for (int i = 0; i < senders * each; i++) { // more than fits between
                String text = client.nextText();
                int sender = text.charAt(0) - 'a';
                assertThat(text)
                        .isEqualTo(Character.toString('a' + sender).repeat(5_000 + 1000 * sender));
                counts[sender]++;
            }
            assertThat(counts).containsOnly(each);
            assertThat(client.nextClose()).isEqualTo(1000);
        }
    }

    @Test
    void otherThreadsMaySendAndReceive() throws Exception {
        var done = new Event();
        WebSocketHandler handler =
                socket -> {
                    seen.add(socket);
                    done.await();
                };
        try (var host = new Host(handler);
                var client = host.open()) {
            var socket = (WebSocketConnection) seen();
            socket.send("from afar");
            assertThat(client.nextText()).isEqualTo("from afar");
            client.text("to afar");
            assertThat(socket.receive().text()).isEqualTo("to afar");
            socket.flush();
            socket.close(4000, "from afar");
            assertThat(client.nextClose()).isEqualTo(4000);
            client.close(4000, "");
            assertThat(socket.receive(Host.PATIENCE)).isNull();
            done.set();
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    /** The client's writes stall when what is between is full, and go on when it is received. */
    @Test
    void handlerThatDoesNotReceiveStopsTheClient() throws Exception {
        int size = 10_000;
        long enough = 256L * 1024 * 1024;
        var goOn = new Event();
        WebSocketHandler handler =
                socket -> {
                    goOn.await();
                    long received = 0;
                    for (Message message; (message = socket.receive()) != null; ) {
                        received += message.bytes().length;
                    }
                    seen.add(received);
                };
        var frame = ByteBuffer.wrap(Client.masked(FIN | Client.BINARY, new byte[size]));
        try (var host = new Host(handler);
                var channel =
                        SocketChannel.open(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), host.port()))) {
            channel.write(
                    ByteBuffer.wrap(
                            Client.head(
                                    "GET / HTTP/1.1",
                                    "Host: a",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")));
            assertThat(channel.read(ByteBuffer.allocate(1000))).isPositive();
            channel.configureBlocking(false);
            long[] written = {0};
            int[] stalls = {0};
            await("a client that cannot write")
                    .atMost(Host.PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () -> {
                                int n = 0;
                                do {
                                    if (!frame.hasRemaining()) {
                                        frame.rewind();
                                    }
                                    n = channel.write(frame);
                                    stalls[0] = n == 0 ? stalls[0] + 1 : 0;
                                    written[0] += n;
                                } while (n > 0 && written[0] < enough);
                                return stalls[0] > 30 || written[0] >= enough;
                            });
            assertThat(written[0]).isLessThan(enough);
            goOn.set();
            channel.configureBlocking(true);
            while (frame.hasRemaining()) {
                written[0] += channel.write(frame);
            }
            channel.shutdownOutput();
            assertThat(seen()).isEqualTo(written[0] / frame.capacity() * size);
        }
    }

    /** Pongs for a client that never reads would gather without end. */
    @Test
    void ofPingsWhoseAnswersAreNotReadOnlySomeAreAnsweredAndTheLast() throws Exception {
        int pings = 60_000; // twice what the kernel takes on Linux
        var silent = WebSocketSettings.DEFAULT.pingInterval(null); // however long this takes
        try (var host = new Host(silent, EchoServer::echo);
                var client = host.open()) {
            var burst = new java.io.ByteArrayOutputStream();
            for (int i = 1; i <= pings; i++) {
                byte[] payload = ByteBuffer.allocate(125).putInt(i).array();
                burst.write(Client.masked(FIN | PING, payload));
                if (i % 1000 == 0) {
                    client.raw(burst.toByteArray());
                    burst.reset();
                }
            }
            int answered = 0;
            int last = 0;
            while (last < pings) {
                var pong = client.next();
                assertThat(pong.first()).isEqualTo(FIN | PONG);
                int number = ByteBuffer.wrap(pong.payload()).getInt();
                assertThat(number).isGreaterThan(last);
                last = number;
                answered++;
            }
            assertThat(answered).isLessThan(pings);
        }
    }
}
