package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOption;
import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Select;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class DatagramEndpointTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.loops().get(0);
    private final Loop otherLoop = group.loops().get(1);

    @AfterEach
    void end() {
        group.close();
    }

    private DatagramEndpoint open() throws IOException {
        return DatagramEndpoint.bind(Addresses.parse("127.0.0.1:0"), Map.of(), loop);
    }

    @Test
    void whatOneSendsTheOtherReceives() throws Exception {
        loop.call(
                () -> {
                    try (var one = DatagramEndpoint.bind("127.0.0.1:0");
                            var other = DatagramEndpoint.bind("127.0.0.1:0")) {
                        one.send("hello", other.localAddress());
                        Datagram datagram = other.receive();
                        assertThat(datagram.text()).isEqualTo("hello");
                        assertThat(datagram.sender()).isEqualTo(one.localAddress());
                        datagram.reply("and back");
                        assertThat(one.receive().text()).isEqualTo("and back");
                    }
                    return null;
                });
    }

    @Test
    void otherLoopsAndPlainThreadsMayUseItToo() throws Exception {
        try (var one = open();
                var other = open()) {
            one.send("from a thread", other.localAddress());
            assertThat(other.receive(LONG).text()).isEqualTo("from a thread");
            otherLoop.call(
                    () -> {
                        other.send("from a loop", one.localAddress());
                        assertThat(one.receive().text()).isEqualTo("from a loop");
                        return null;
                    });
        }
    }

    @Test
    void connectedSendsWithoutAnAddressAndHearsItsPeerOnly() throws Exception {
        loop.call(
                () -> {
                    try (var server = DatagramEndpoint.bind("127.0.0.1:0");
                            var stranger = DatagramEndpoint.bind("127.0.0.1:0");
                            var client =
                                    DatagramEndpoint.connect(
                                            Addresses.format(server.localAddress()))) {
                        client.send("ping");
                        Datagram ping = server.receive();
                        stranger.send("intruder", ping.sender());
                        ping.reply("pong");
                        assertThat(client.receive().text()).isEqualTo("pong");
                        assertThat(client.tryReceive()).isNull();
                        assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
                    }
                    return null;
                });
    }

    @Test
    void unconnectedNeedsATarget() throws Exception {
        try (var endpoint = open()) {
            assertThatThrownBy(() -> endpoint.send("where to?"))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("not connected");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_472, 2_049, 9_000, 65_507})
    void everySizeIsReceivedWhole(int size) throws Exception {
        var bytes = new byte[size];
        new java.util.Random(size).nextBytes(bytes);
        try (var one = open();
                var other = open()) {
            one.send(bytes, other.localAddress());
            assertThat(other.receive(LONG).bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void emptyIsRefused() throws Exception {
        try (var endpoint = open()) {
            assertThatThrownBy(() -> endpoint.send("", endpoint.localAddress()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one byte");
        }
    }

    @Test
    void tooLargeIsRefused() throws Exception {
        try (var one = open();
                var other = open()) {
            assertThatThrownBy(() -> one.send(new byte[65_508], other.localAddress()))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("cannot send 65508 bytes");
            one.send("still works", other.localAddress());
            assertThat(other.receive(LONG).text()).isEqualTo("still works");
        }
    }

    @Test
    void receiveInTimeGivesNull() throws Exception {
        try (var endpoint = open()) {
            assertThat(endpoint.receive(Duration.ofMillis(10))).isNull();
            assertThat(loop.<Datagram>call(() -> endpoint.receive(Duration.ofMillis(10)))).isNull();
            assertThat(endpoint.statistics().waiting()).isZero();
        }
    }

    @Test
    void receiversAreServedInTheOrderInWhichTheyCame() throws Exception {
        loop.call(
                () -> {
                    try (var one = open();
                            var other = open()) {
                        var served = new ArrayList<String>();
                        var receivers = new ArrayList<Coroutine<?>>();
                        for (int i = 0; i < 3; i++) {
                            int number = i;
                            receivers.add(
                                    Weft.spawn(
                                            () -> {
                                                String text = other.receive().text();
                                                served.add(number + " " + text);
                                                return text;
                                            }));
                        }
                        Weft.yieldNow();
                        for (String text : new String[] {"a", "b", "c"}) {
                            one.send(text, other.localAddress());
                        }
                        for (Coroutine<?> receiver : receivers) {
                            receiver.join();
                        }
                        assertThat(served).containsExactly("0 a", "1 b", "2 c");
                    }
                    return null;
                });
    }

    @Test
    void killedAndTimedOutReceiversTakeNothing() throws Exception {
        loop.call(
                () -> {
                    try (var one = open();
                            var other = open()) {
                        var killed = Weft.spawn(() -> other.receive());
                        Weft.yieldNow();
                        killed.kill();
                        killed.join();
                        assertThat(killed.state()).isEqualTo(Coroutine.State.KILLED);
                        try (var timeout = Timeout.start(Duration.ofMillis(5))) {
                            assertThatThrownBy(other::receive)
                                    .isInstanceOf(InterruptedIOException.class);
                            assertThat(timeout.isExpired()).isTrue();
                        }
                        assertThat(other.statistics().waiting()).isZero();
                        one.send("kept", other.localAddress());
                        assertThat(other.receive().text()).isEqualTo("kept");
                    }
                    return null;
                });
    }

    @Test
    void closeWakesWhoReceives() throws Exception {
        var endpoint = open();
        var coroutine =
                loop.spawn(
                        () -> {
                            assertThatThrownBy(endpoint::receive)
                                    .isInstanceOf(SocketException.class)
                                    .hasMessageContaining("is closed");
                            return true;
                        });
        Threads.awaitParked(coroutine);
        endpoint.close();
        assertThat(coroutine.get()).isTrue();
        assertThatThrownBy(endpoint::tryReceive).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> endpoint.send("late", new InetSocketAddress("127.0.0.1", 9)))
                .isInstanceOf(SocketException.class);
        endpoint.close();
    }

    @Test
    void selectWaitsForADatagramOrTheEnd() throws Exception {
        var endpoint = open();
        var sources = List.of(endpoint);
        assertThat(Select.tryAny(sources)).isEmpty();
        assertThat(Select.any(sources, SHORT)).isEmpty();
        var waiter = loop.spawn(() -> Select.any(sources));
        Threads.awaitParked(waiter);
        try (var sender = open()) {
            sender.send("come", endpoint.localAddress());
            assertThat(waiter.get(LONG)).containsExactly(endpoint);
            assertThat(Select.any(sources)).containsExactly(endpoint); // it has not been touched
            assertThat(endpoint.tryReceive().text()).isEqualTo("come");
        }
        var another = loop.spawn(() -> Select.any(sources));
        Threads.awaitParked(another);
        endpoint.close();
        assertThat(another.get(LONG)).containsExactly(endpoint);
        assertThat(Select.tryAny(sources)).containsExactly(endpoint);
    }

    /** Nobody receives: memory stays bounded, and what is kept is the oldest, in order. */
    @Test
    void fullInboxStopsReading() throws Exception {
        try (var endpoint = open();
                var sender = new DatagramSocket()) {
            var bytes = ByteBuffer.allocate(8 * 1024);
            var target = endpoint.localAddress();
            for (int i = 0; !endpoint.statistics().paused(); i++) {
                bytes.putInt(0, i);
                sender.send(new DatagramPacket(bytes.array(), bytes.capacity(), target));
            }
            for (int i = 0; i < 100; i++) {
                sender.send(new DatagramPacket(bytes.array(), bytes.capacity(), target));
            }
            int kept = endpoint.statistics().size();
            assertThat(kept * bytes.capacity()).isLessThan(2 * DatagramInbox.LIMIT);
            for (int i = 0, last = -1; i < kept; i++) {
                int number = ByteBuffer.wrap(endpoint.receive().bytes()).getInt(0);
                assertThat(number).isGreaterThan(last);
                last = number;
            }
            // what the kernel had kept comes now that there is room
            assertThat(endpoint.receive(LONG)).isNotNull();
            while (endpoint.receive(Duration.ofMillis(50)) != null) {
                // and the rest of it
            }
            assertThat(endpoint.statistics().paused()).isFalse();
            sender.send(new DatagramPacket(new byte[] {1}, 1, target));
            assertThat(endpoint.receive(LONG)).isNotNull();
        }
    }

    @Test
    void unreachablePeerIsTold() throws Exception {
        var loopback = InetAddress.getByName("127.0.0.1");
        try (var deaf = new DatagramSocket(0, loopback)) { // so that nobody else has its port
            deaf.connect(loopback, 9); // and hears nobody else
            assertUnreachable(deaf.getLocalSocketAddress());
        }
    }

    private static void assertUnreachable(SocketAddress address) throws IOException {
        try (var client = DatagramEndpoint.connect(address)) {
            client.send("anybody?");
            assertThatThrownBy(
                            () -> {
                                // the kernel tells at the next receive, or at the next send
                                for (int i = 0; i < LONG.toSeconds(); i++) {
                                    client.receive(Duration.ofSeconds(1));
                                    client.send("still nobody?");
                                }
                                throw new AssertionError("nobody said that nobody listens");
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void addressInUseIsSaid() throws Exception {
        try (var endpoint = open()) {
            assertThatThrownBy(
                            () ->
                                    DatagramEndpoint.bind(
                                            endpoint.localAddress(), Map.of(), otherLoop))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void unixAddressesAreRefused() {
        assertThatThrownBy(() -> DatagramEndpoint.bind("unix:/tmp/weft"))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("host:port");
    }

    @Test
    void optionsAreSet() throws Exception {
        try (var endpoint =
                DatagramEndpoint.bind(
                        Addresses.parse("127.0.0.1:0"),
                        Map.of(ChannelOption.SO_BROADCAST, true),
                        loop)) {
            endpoint.option(ChannelOption.SO_RCVBUF, 64 * 1024);
            assertThat(endpoint.isOpen()).isTrue();
        }
    }

    @Test
    void manyCoroutinesSendAndReceive() throws Exception {
        loop.call(
                () -> {
                    try (var server = open()) {
                        var echo =
                                Weft.spawn(
                                        () -> {
                                            while (true) {
                                                Datagram datagram = server.receive();
                                                datagram.reply(datagram.bytes());
                                            }
                                        });
                        var clients = new ArrayList<Coroutine<Integer>>();
                        for (int i = 0; i < 20; i++) {
                            int number = i;
                            clients.add(Weft.spawn(() -> talk(server, number)));
                        }
                        for (Coroutine<Integer> client : clients) {
                            assertThat(client.get()).isEqualTo(50);
                        }
                        echo.kill();
                        echo.join();
                    }
                    return null;
                });
    }

    private static int talk(DatagramEndpoint server, int number) throws IOException {
        try (var client = DatagramEndpoint.connect(server.localAddress())) {
            int answers = 0;
            for (int i = 0; i < 50; i++) {
                client.send(number + ":" + i);
                if (client.receive().text().equals(number + ":" + i)) {
                    answers++;
                }
            }
            return answers;
        }
    }
}
