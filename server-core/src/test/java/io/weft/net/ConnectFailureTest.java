package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.weft.Action;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLException;

/** A connect that comes to nothing says why, in time, and leaves nothing behind. */
class ConnectFailureTest {
    private final Caller caller = new Caller();

    @AfterEach
    void close() {
        caller.close();
    }

    // ---- refused, unknown, silent

    @Test
    void nobodyListens() throws Exception {
        try (var nobody = Caller.nobody()) {
            String address = "127.0.0.1:" + nobody.getLocalPort();
            assertThatThrownBy(() -> caller.connect(address))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage("cannot connect to " + address + ": Connection refused");
        }
    }

    @Test
    void hostWithSeveralAddressesNoneOfWhichAnswers() throws Exception {
        assumeThat(Caller.hasSix()).isTrue();
        try (var nobody = Caller.nobody();
                var dns = new FakeDns()) {
            dns.host("both.test", 127, 0, 0, 1)
                    .host("both.test", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
            assertThatThrownBy(() -> caller.connect("both.test:" + nobody.getLocalPort()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Connection refused")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
    }

    @Test
    void unixSocketThatIsNotThere(@TempDir Path directory) {
        var path = directory.resolve("socket");
        assertThatThrownBy(() -> caller.connect(UnixDomainSocketAddress.of(path)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot connect to unix:" + path)
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void localAddressThatIsTaken() throws Exception {
        try (var listener = Caller.listen();
                var taken = Caller.listen()) {
            assertThatThrownBy(
                            () ->
                                    caller.loop.call(
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

    @Test
    void unknownHost() throws Exception {
        try (var dns = new FakeDns()) {
            dns.host("other.test", 127, 0, 0, 1);
            assertThatThrownBy(() -> caller.connect("unknown.test:80"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageMatching("unknown host 'unknown.test': Failed to resolve .*\\S");
        }
    }

    /** The time limit holds for the look-up too. */
    @Test
    void silentNameServer() throws Exception {
        try (var dns = new FakeDns()) {
            dns.hold("slow.test");
            assertThatThrownBy(
                            () ->
                                    caller.loop.call(
                                            () -> Connection.connect("slow.test:80", Caller.SHORT)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no connection to slow.test:80 within PT0.2S");
        }
    }

    /** Whatever this machine's own name server is or is not. */
    @Test
    void hostThatCannotBeLookedUp() {
        assertThatThrownBy(
                        () ->
                                caller.loop.call(
                                        () ->
                                                Connection.connect(
                                                        "unknown.invalid:80", Caller.SHORT)))
                .isInstanceOfAny(UnknownHostException.class, SocketTimeoutException.class);
    }

    @Test
    void silentHost() throws Exception {
        try (var full = new FullBacklog()) {
            assertThatThrownBy(
                            () ->
                                    caller.loop.call(
                                            () -> Connection.connect(full.address(), Caller.SHORT)))
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
            var connecting =
                    caller.loop.spawn(() -> Connection.connect(full.address(), Caller.LONG));
            Threads.awaitParked(connecting);
            assertThat(connecting.isDone()).isFalse();
            full.acceptAll();
            connecting.get(Caller.LONG).close();
        }
    }

    // ---- ended from outside

    @Test
    void killed() throws Exception {
        try (var full = new FullBacklog()) {
            var connecting =
                    caller.loop.spawn(() -> Connection.connect(full.address(), Caller.LONG));
            Threads.awaitParked(connecting);
            connecting.kill();

            assertThat(connecting.join(Caller.LONG)).isTrue();
            assertThat(connecting.state()).isEqualTo(io.weft.Coroutine.State.KILLED);
        }
    }

    @Test
    void timedOutByTheCaller() throws Exception {
        try (var full = new FullBacklog()) {
            assertThatThrownBy(
                            () ->
                                    caller.loop.call(
                                            () ->
                                                    Timeout.call(
                                                            Caller.SHORT,
                                                            () ->
                                                                    Connection.connect(
                                                                            full.address(),
                                                                            Caller.LONG))))
                    .hasMessageContaining("PT0.2S");
        }
    }

    @Test
    void interruptedOnAPlainThread() throws Exception {
        try (var full = new FullBacklog()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Connection.connect(full.address(), Caller.LONG))
                    .isInstanceOf(InterruptedIOException.class);
        }
    }

    // ---- before the channel has a loop

    @Test
    void optionThatTheSocketDoesNotHave(@TempDir Path directory) throws Exception {
        var path = directory.resolve("socket");
        leavesNoFile(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                new Connector()
                                                        .option(ChannelOption.TCP_NODELAY, true)
                                                        .connect(UnixDomainSocketAddress.of(path)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("TCP_NODELAY"));
        leavesNoFile(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                DatagramEndpoint.bind(
                                                        new InetSocketAddress("127.0.0.1", 0),
                                                        Map.of(ChannelOption.TCP_NODELAY, true)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("TCP_NODELAY"));
    }

    @Test
    void codecThatThrows() throws Exception {
        try (var listener = Caller.listen()) {
            var broken = new IllegalStateException("broken");
            var connector =
                    new Connector()
                            .codec(
                                    _ -> {
                                        throw broken;
                                    });
            leavesNoFile(
                    () ->
                            assertThatThrownBy(
                                            () ->
                                                    connector.connect(
                                                            listener.getLocalSocketAddress()))
                                    .isSameAs(broken));
        }
    }

    /** By another coroutine of its turn, which the hub comes after. */
    @Test
    void killedBeforeItsChannelIsRegistered() throws Exception {
        try (var listener = Caller.listen()) {
            var keeper = new Keeper();
            var connector = new Connector().codec(made -> made.codec(keeper));
            leavesNoFile(
                    () -> {
                        keeper.closed = false;
                        var connecting =
                                Weft.spawn(
                                        () -> connector.connect(listener.getLocalSocketAddress()));
                        Weft.spawn((Action) connecting::kill);
                        connecting.join();
                        assertThat(keeper.closed).isTrue();
                    });
        }
    }

    @Test
    void datagramEndpointThatIsKilledBeforeItsChannelIsRegistered() throws Exception {
        leavesNoFile(
                () -> {
                    var binding = Weft.spawn(() -> DatagramEndpoint.bind("127.0.0.1:0"));
                    Weft.spawn((Action) binding::kill);
                    binding.join();
                    assertThat(binding.isSuccessful()).isFalse();
                });
    }

    // ---- what a codec keeps

    @ChannelHandler.Sharable
    private static final class Keeper extends ChannelDuplexHandler implements AutoCloseable {
        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void codecOfAFailedConnectIsClosed() throws Exception {
        try (var nobody = Caller.nobody()) {
            var keeper = new Keeper();
            var connector = new Connector().codec(made -> made.codec(keeper));
            assertThatThrownBy(() -> connector.connect(nobody.getLocalSocketAddress()))
                    .isInstanceOf(ConnectException.class);
            assertThat(keeper.closed).isTrue();
        }
    }

    @Test
    void codecThatThrowsWhenItHasHandlersIsClosed() throws Exception {
        var keeper = new Keeper();
        var broken = new IllegalStateException("broken");
        var connector =
                new Connector()
                        .codec(
                                made -> {
                                    made.codec(keeper);
                                    throw broken;
                                });
        assertThatThrownBy(() -> connector.connect(Addresses.parse("127.0.0.1:1")))
                .isSameAs(broken);
        assertThat(keeper.closed).isTrue();
    }

    @Test
    void codecOfAFailedHandshakeIsClosed() throws Exception {
        try (var listener = Caller.listen()) {
            var keeper = new Keeper();
            var connector =
                    new Connector().tls(Tls.client().build()).codec(made -> made.codec(keeper));
            var connecting =
                    caller.loop.spawn(() -> connector.connect(listener.getLocalSocketAddress()));
            listener.accept().close();
            assertThatThrownBy(connecting::get).hasCauseInstanceOf(SSLException.class);
            assertThat(keeper.closed).isTrue();
        }
    }

    // ---- limits that nobody has given

    @Test
    void noLimitOfNettysStrikesBeforeTheOneThatWasGiven() throws Exception {
        assertThat(limits(new Connector().timeout(Caller.LONG), Tls.client())).isEqualTo("0, 0");
        assertThat(limits(new Connector(), Tls.client())).isEqualTo("0, 10000");
    }

    @Test
    void shorterLimitOfTheHandshakeStays() throws Exception {
        var three = Tls.client().handshakeTimeout(Duration.ofSeconds(3));
        assertThat(limits(new Connector().timeout(Caller.LONG), three)).isEqualTo("0, 3000");
        assertThat(limits(new Connector(), three)).isEqualTo("0, 3000");
    }

    /** Netty's own, for the connect and for the handshake, in milliseconds. */
    private static String limits(Connector connector, TlsBuilder tls) throws IOException {
        var limits = new AtomicReference<String>();
        connector
                .tls(tls.build())
                .codec(
                        made -> {
                            limits.set(
                                    made.channel().config().getConnectTimeoutMillis()
                                            + ", "
                                            + made.tls().getHandshakeTimeoutMillis());
                            throw new IllegalStateException("enough is known");
                        });
        assertThatThrownBy(() -> connector.connect(Addresses.parse("127.0.0.1:1")))
                .hasMessage("enough is known");
        return limits.get();
    }

    @Test
    void hostWithoutARouteIsNamed() {
        var address = new InetSocketAddress(Caller.LOOPBACK, 1);
        assertThat(Channels.connectFailure(address, new NoRouteToHostException()))
                .isInstanceOf(NoRouteToHostException.class)
                .hasMessage("cannot connect to 127.0.0.1:1: No route to host");
    }

    /** Many times, as other files may come and go. */
    private void leavesNoFile(Action failure) throws Exception {
        Action all =
                () -> {
                    for (int i = 0; i < 50; i++) {
                        failure.run();
                    }
                };
        caller.loop.call(
                () -> {
                    failure.run();
                    return null;
                });
        int before = openFiles();
        caller.loop.call(
                () -> {
                    all.run();
                    return null;
                });
        await().atMost(Duration.ofSeconds(30)).until(() -> openFiles() < before + 25);
    }

    private static int openFiles() {
        String[] files = new File("/proc/self/fd").list();
        return files == null ? 0 : files.length;
    }
}
