package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.LineBasedFrameDecoder;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Connecting as a client, to plain sockets of the JDK's. */
class ConnectTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    /** A connect that came to nothing leaves nothing. */
    @AfterEach
    void close() {
        await().atMost(LONG).until(() -> loop.call(loop::coroutineCount) == 1);
        await().atMost(LONG).until(() -> loop.call(loop::timerCount) == 0);
        group.close();
    }

    private Connection connect(SocketAddress address) throws Exception {
        return loop.call(() -> Connection.connect(address, LONG));
    }

    private Connection connect(String address) throws Exception {
        return loop.call(() -> Connection.connect(address, LONG));
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 10, LOOPBACK);
    }

    /** One byte comes through. */
    private static void assertConnected(Connection client, ServerSocket listener)
            throws IOException {
        try (client;
                var peer = listener.accept()) {
            peer.getOutputStream().write('!');
            assertThat(client.read(10)).asString().isEqualTo("!");
            assertThat(client.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
            assertThat(client.localAddress()).isEqualTo(peer.getRemoteSocketAddress());
        }
    }

    @Test
    void aCodecIsThereBeforeTheFirstByte() throws Exception {
        try (var listener = listen();
                var client =
                        loop.call(
                                () ->
                                        new Connector()
                                                .timeout(LONG)
                                                .codec(
                                                        made ->
                                                                made.codec(
                                                                        new LineBasedFrameDecoder(
                                                                                10)))
                                                .connect(listener.getLocalSocketAddress()));
                var peer = listener.accept()) {
            peer.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(client.readExactly(6)).asString().isEqualTo("onetwo");
        }
    }

    /** Of a listener that is gone. */
    private static int portOfNobody() throws IOException {
        try (var listener = listen()) {
            return listener.getLocalPort();
        }
    }

    // ---- refused, unknown, silent

    @Test
    void nobodyListens() throws Exception {
        int port = portOfNobody();
        assertThatThrownBy(() -> connect("127.0.0.1:" + port))
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to 127.0.0.1:" + port + ": Connection refused");
    }

    @Test
    void unknownHost() throws Exception {
        try (var dns = new FakeDns()) {
            dns.host("other.test", 127, 0, 0, 1);
            assertThatThrownBy(() -> connect("unknown.test:80"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("unknown.test");
        }
    }

    /** The time limit holds for the look-up too. */
    @Test
    void silentNameServer() throws Exception {
        try (var dns = new FakeDns()) {
            dns.hold("slow.test");
            assertThatThrownBy(() -> loop.call(() -> Connection.connect("slow.test:80", SHORT)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no connection to slow.test:80 within PT0.2S");
        }
    }

    /** Whatever this machine's own name server is or is not. */
    @Test
    void hostThatCannotBeLookedUp() {
        assertThatThrownBy(() -> loop.call(() -> Connection.connect("unknown.invalid:80", SHORT)))
                .isInstanceOfAny(UnknownHostException.class, SocketTimeoutException.class);
    }

    @Test
    void silentHost() throws Exception {
        try (var full = new FullBacklog()) {
            assertThatThrownBy(() -> loop.call(() -> Connection.connect(full.address(), SHORT)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage(
                            "no connection to "
                                    + Addresses.format(full.address())
                                    + " within PT0.2S");
        }
    }

    @Test
    void silentHostWhoHasRoomAgainInTime() throws Exception {
        try (var full = new FullBacklog()) {
            var connecting = loop.spawn(() -> Connection.connect(full.address(), LONG));
            Threads.awaitParked(connecting);
            assertThat(connecting.isDone()).isFalse();
            full.acceptAll();
            connecting.get(LONG).close();
        }
    }

    // ---- ended from outside

    @Test
    void killed() throws Exception {
        try (var full = new FullBacklog()) {
            var connecting = loop.spawn(() -> Connection.connect(full.address(), LONG));
            Threads.awaitParked(connecting);
            connecting.kill();

            assertThat(connecting.join(LONG)).isTrue();
            assertThat(connecting.state()).isEqualTo(io.weft.Coroutine.State.KILLED);
        }
    }

    @Test
    void timedOutByTheCaller() throws Exception {
        try (var full = new FullBacklog()) {
            assertThatThrownBy(
                            () ->
                                    loop.call(
                                            () ->
                                                    Timeout.call(
                                                            SHORT,
                                                            () ->
                                                                    Connection.connect(
                                                                            full.address(), LONG))))
                    .hasMessageContaining("PT0.2S");
        }
    }

    @Test
    void interruptedOnAPlainThread() throws Exception {
        try (var full = new FullBacklog()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Connection.connect(full.address(), LONG))
                    .isInstanceOf(InterruptedIOException.class);
        }
    }

    // ---- what to connect to

    @Test
    void fromAPlainThread() throws Exception {
        try (var listener = listen()) {
            assertConnected(
                    Connection.connect("127.0.0.1:" + listener.getLocalPort(), LONG), listener);
        }
    }

    @Test
    void localhost() throws Exception {
        try (var listener = listen()) {
            assertConnected(connect("localhost:" + listener.getLocalPort()), listener);
        }
    }

    /** A port alone is one of this machine. */
    @Test
    void portAlone() throws Exception {
        try (var listener = listen()) {
            connect(":" + listener.getLocalPort()).close();
            listener.accept().close();
        }
    }

    @Test
    void addressThatIsResolvedAlready() throws Exception {
        try (var listener = listen()) {
            assertConnected(connect(listener.getLocalSocketAddress()), listener);
        }
    }

    @Test
    void ipv6() throws Exception {
        try (var listener = listenOnSix()) {
            assertConnected(connect("[::1]:" + listener.getLocalPort()), listener);
        }
    }

    /** Its addresses are tried one after the other, whichever comes first. */
    @Test
    void hostWithSeveralAddressesOneOfWhichAnswers() throws Exception {
        try (var dns = new FakeDns();
                var six = listenOnSix();
                var four = listen()) {
            dns.host("both.test", 127, 0, 0, 1)
                    .host("both.test", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
            assertConnected(connect("both.test:" + six.getLocalPort()), six);
            assertConnected(connect("both.test:" + four.getLocalPort()), four);
        }
    }

    @Test
    void hostWithSeveralAddressesNoneOfWhichAnswers() throws Exception {
        assumeThat(hasSix()).isTrue();
        int port = portOfNobody();
        try (var dns = new FakeDns()) {
            dns.host("both.test", 127, 0, 0, 1)
                    .host("both.test", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
            assertThatThrownBy(() -> connect("both.test:" + port))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Connection refused")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
    }

    private static ServerSocket listenOnSix() throws IOException {
        assumeThat(hasSix()).as("this machine has IPv6").isTrue();
        return new ServerSocket(0, 10, InetAddress.ofLiteral("::1"));
    }

    private static boolean hasSix() {
        try (var listener = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return listener.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    // ---- where to connect from

    @Test
    void localAddress() throws Exception {
        var own = new InetSocketAddress("127.0.0.1", 0);
        try (var listener = listen()) {
            var client =
                    loop.call(
                            () ->
                                    new Connector()
                                            .localAddress(own)
                                            .connect(listener.getLocalSocketAddress()));
            assertThat(((InetSocketAddress) client.localAddress()).getAddress())
                    .isEqualTo(own.getAddress());
            assertConnected(client, listener);
        }
    }

    @Test
    void localAddressThatIsTaken() throws Exception {
        try (var listener = listen();
                var taken = listen()) {
            assertThatThrownBy(
                            () ->
                                    loop.call(
                                            () ->
                                                    new Connector()
                                                            .localAddress(
                                                                    taken.getLocalSocketAddress())
                                                            .connect(
                                                                    listener
                                                                            .getLocalSocketAddress())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Address already in use");
        }
    }

    // ---- Unix sockets

    @Test
    void unixSocket(@TempDir Path directory) throws Exception {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            try (var client = connect("unix:" + address.getPath());
                    var peer = listener.accept()) {
                peer.write(ByteBuffer.wrap(new byte[] {'!'}));
                assertThat(client.read(10)).asString().isEqualTo("!");
                assertThat(client.remoteAddress()).isEqualTo(address);
            }
        }
        assertThatThrownBy(() -> connect(address))
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to unix:" + address + ": Connection refused");
    }

    @Test
    void unixSocketThatIsNotThere(@TempDir Path directory) {
        var path = directory.resolve("socket");
        assertThatThrownBy(() -> connect("unix:" + path))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot connect to unix:" + path)
                .hasMessageContaining("No such file or directory");
    }

    /** A listener whose backlog is full: who comes next gets no answer. */
    private static final class FullBacklog implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
        private final List<SocketChannel> waiting = new ArrayList<>();

        /** The kernel takes a few more than it is told to. */
        FullBacklog() throws IOException {
            while (true) {
                var channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(listener.getLocalSocketAddress());
                if (!connects(channel)) {
                    return;
                }
                assertThat(waiting).hasSizeLessThan(100);
            }
        }

        private static boolean connects(SocketChannel channel) throws IOException {
            try (var selector = java.nio.channels.Selector.open()) {
                var key = channel.register(selector, java.nio.channels.SelectionKey.OP_CONNECT);
                selector.select(SHORT.toMillis());
                key.cancel();
                return channel.finishConnect();
            }
        }

        SocketAddress address() {
            return listener.getLocalSocketAddress();
        }

        void acceptAll() throws IOException {
            for (int i = 0; i < waiting.size() - 1; i++) {
                listener.accept().close();
            }
        }

        @Override
        public void close() throws IOException {
            for (var channel : waiting) {
                channel.close();
            }
            listener.close();
        }
    }
}
