package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelDuplexHandler;
import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Of several addresses the first that answers is taken, and nothing is left of the others. */
class HappyEyeballsTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress EVERY = InetAddress.ofLiteral("0.0.0.0");

    private final Caller caller = new Caller();

    @AfterEach
    void close() {
        caller.close();
    }

    /** Knows a host of two addresses. */
    private static FakeDns dns() throws IOException {
        return new FakeDns().host("two.test", 127, 0, 0, 1).host("two.test", 127, 0, 0, 2);
    }

    private static InetSocketAddress two(int port) {
        return InetSocketAddress.createUnresolved("two.test", port);
    }

    private static List<InetSocketAddress> addresses(int port) {
        return List.of(new InetSocketAddress(ONE, port), new InetSocketAddress(TWO, port));
    }

    /** What there is at the first address, and a listener at the second, on one port. */
    private record Pair<T extends Closeable>(T one, ServerSocket two) implements Closeable {
        interface Opener<T> {
            T open() throws IOException;
        }

        static <T extends Closeable> Pair<T> of(Opener<T> opener, ToIntFunction<T> port)
                throws IOException {
            while (true) { // until a port is free at both
                T one = opener.open();
                try {
                    return new Pair<>(one, new ServerSocket(port.applyAsInt(one), 10, TWO));
                } catch (BindException e) {
                    one.close();
                }
            }
        }

        int port() {
            return two.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            one.close();
            two.close();
        }
    }

    /** A handler that keeps something. */
    private static final class Keeper extends ChannelDuplexHandler implements AutoCloseable {
        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    // ---- who is taken

    @Test
    void silentAddressIsNotWaitedFor() throws Exception {
        try (var _ = dns();
                var pair = Pair.of(() -> new FullBacklog(ONE), FullBacklog::port)) {
            Caller.assertConnected(caller.connect(two(pair.port())), pair.two);
            await().atMost(Caller.LONG).until(() -> pair.one.knocking() == 0);
        }
    }

    /** By the name of the host. */
    @Test
    void tlsIsWithTheOneThatIsTaken() throws Exception {
        var tls = Tls.server().certificate(Certificates.chain("other"), Certificates.key("other"));
        try (var dns = new FakeDns();
                var echo = TlsHost.echo(tls)) {
            dns.host("other.example", 127, 0, 0, 1).host("other.example", 127, 0, 0, 2);
            var address = InetSocketAddress.createUnresolved("other.example", echo.port());
            var connector = new Connector().tls(Tls.client().trust(Certificates.AUTHORITY).build());
            try (var client = caller.loop.call(() -> connector.connect(address))) {
                client.write("hello\n");
                client.flush();
                assertThat(client.readLine(100)).isEqualTo("hello");
                assertThat(client.isSecure()).isTrue();
            }
        }
    }

    @Test
    void silentAddressIsTakenIfItAnswersAfterAll() throws Exception {
        try (var _ = dns();
                var silent = new FullBacklog(EVERY)) {
            var connecting = caller.loop.spawn(() -> new Connector().connect(two(silent.port())));
            await().atMost(Caller.LONG).until(() -> silent.knocking() == 2);
            silent.acceptAll();
            connecting.get(Caller.LONG).close();
            await().atMost(Caller.LONG)
                    .until(() -> silent.knocking() <= 0); // its own comes in, too
        }
    }

    @Test
    void addressThatRefusesIsFollowedByTheNext() throws Exception {
        try (var _ = dns();
                var pair = Pair.of(() -> nobody(ONE), Socket::getLocalPort)) {
            Caller.assertConnected(caller.connect(two(pair.port())), pair.two);
        }
    }

    private static Socket nobody(InetAddress address) throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        return socket;
    }

    /** The second is not even tried. */
    @Test
    void preferredAddressIsTakenIfItAnswers() throws Exception {
        try (var listener = Caller.listen()) {
            var tried = new ArrayList<InetSocketAddress>();
            Connection connection =
                    caller.loop.call(
                            () -> {
                                var made =
                                        new Connector().connect(listener.getLocalSocketAddress());
                                return HappyEyeballs.connect(
                                        addresses(1),
                                        address -> {
                                            tried.add(address);
                                            return made;
                                        });
                            });
            Caller.assertConnected(connection, listener);
            assertThat(tried).containsExactly(addresses(1).getFirst());
        }
    }

    /** As RFC 8305 section 4 has them. */
    @Test
    void familiesTakeTurns() {
        assertThat(inTurn("::1", "::2", "::3", "1.0.0.1", "1.0.0.2"))
                .containsExactly("::1", "1.0.0.1", "::2", "1.0.0.2", "::3");
        assertThat(inTurn("1.0.0.1", "1.0.0.2", "1.0.0.3", "::1"))
                .containsExactly("1.0.0.1", "::1", "1.0.0.2", "1.0.0.3");
        assertThat(inTurn("1.0.0.2", "1.0.0.1")).containsExactly("1.0.0.2", "1.0.0.1");
    }

    private static Stream<String> inTurn(String... literals) {
        var addresses =
                Stream.of(literals)
                        .map(each -> new InetSocketAddress(InetAddress.ofLiteral(each), 1))
                        .toList();
        return HappyEyeballs.interleaved(addresses).stream().map(Addresses::host);
    }

    // ---- all fail

    @Test
    void firstFailureIsThrownAndNamesItsAddressAsTheOthersDo() throws Exception {
        try (var _ = dns();
                var nobody = nobody(EVERY)) {
            int port = nobody.getLocalPort();
            assertThatThrownBy(() -> caller.connect(two(port)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage("cannot connect to 127.0.0.1:" + port + ": Connection refused")
                    .satisfies(
                            e ->
                                    assertThat(e.getSuppressed())
                                            .extracting(Throwable::getMessage)
                                            .containsExactly(
                                                    "cannot connect to 127.0.0.2:"
                                                            + port
                                                            + ": Connection refused"));
        }
    }

    @Test
    void codecThatThrowsIsTheFailure() throws Exception {
        try (var _ = dns()) {
            var broken = new IllegalStateException("broken");
            var connector =
                    new Connector()
                            .codec(
                                    _ -> {
                                        throw broken;
                                    });
            assertThatThrownBy(() -> caller.loop.call(() -> connector.connect(two(1))))
                    .isSameAs(broken);
        }
    }

    // ---- ended from outside, with both under way

    private Coroutine<Connection> knockAtBoth(FullBacklog silent, Callable<Connection> connect) {
        var connecting = caller.loop.spawn(connect);
        await().atMost(Caller.LONG).until(() -> silent.knocking() == 2);
        return connecting;
    }

    @Test
    void killEndsAllAttempts() throws Exception {
        try (var _ = dns();
                var silent = new FullBacklog(EVERY)) {
            var connecting = knockAtBoth(silent, () -> new Connector().connect(two(silent.port())));
            connecting.kill();

            assertThat(connecting.join(Caller.LONG)).isTrue();
            assertThat(connecting.state()).isEqualTo(Coroutine.State.KILLED);
            await().atMost(Caller.LONG).until(() -> silent.knocking() == 0);
        }
    }

    @Test
    void limitEndsAllAttempts() throws Exception {
        try (var _ = dns();
                var silent = new FullBacklog(EVERY)) {
            var limit = Duration.ofSeconds(1);
            assertThatThrownBy(
                            () ->
                                    caller.loop.call(
                                            () -> Connection.connect(two(silent.port()), limit)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no connection to two.test:" + silent.port() + " within PT1S");
            await().atMost(Caller.LONG).until(() -> silent.knocking() == 0);
        }
    }

    @Test
    void limitAroundItEndsAllAttempts() throws Exception {
        try (var _ = dns();
                var silent = new FullBacklog(EVERY)) {
            Callable<Connection> call = () -> new Connector().connect(two(silent.port()));
            var limit = Duration.ofSeconds(1);
            assertThatThrownBy(() -> caller.loop.call(() -> Timeout.call(limit, call)))
                    .isInstanceOf(Timeout.Expired.class);
            await().atMost(Caller.LONG).until(() -> silent.knocking() == 0);
        }
    }

    @Test
    void endOfTheLoopEndsAllAttempts() throws Exception {
        try (var _ = dns();
                var silent = new FullBacklog(EVERY)) {
            Coroutine<Connection> connecting;
            try (var group = LoopGroup.create(1)) {
                connecting = group.next().spawn(() -> new Connector().connect(two(silent.port())));
                await().atMost(Caller.LONG).until(() -> silent.knocking() == 2);
            }
            assertThat(connecting.join(Caller.LONG)).isTrue();
            assertThat(connecting.isSuccessful()).isFalse();
            await().atMost(Caller.LONG).until(() -> silent.knocking() == 0);
        }
    }

    /** Who is killed and connects once more on its way out. */
    @Test
    void connectingWhileTheLoopEndsComesToAnEnd() throws Exception {
        try (var _ = dns();
                var silent = new FullBacklog(EVERY)) {
            Coroutine<Connection> connecting;
            try (var group = LoopGroup.create(1)) {
                connecting =
                        group.next()
                                .spawn(
                                        () -> {
                                            try {
                                                return new Connector().connect(two(silent.port()));
                                            } catch (IOException e) {
                                                return new Connector().connect(two(silent.port()));
                                            }
                                        });
                await().atMost(Caller.LONG).until(() -> silent.knocking() == 2);
            }
            assertThat(connecting.join(Caller.LONG)).isTrue();
            await().atMost(Caller.LONG).until(() -> silent.knocking() == 0);
        }
    }

    // ---- at the same moment

    /** Both are through, and one has had a greeting, when the other is taken. */
    @Test
    void secondOfTheSameMomentIsClosedWithAllItHas() throws Exception {
        try (var pair = Pair.of(() -> new ServerSocket(0, 10, ONE), ServerSocket::getLocalPort)) {
            var greeted = CompletableFuture.supplyAsync(() -> greeted(pair.one));
            var keepers = List.of(new Keeper(), new Keeper());
            try (var winner = caller.loop.call(() -> connectBoth(keepers, pair.port()));
                    var loser = greeted.join()) {
                assertEnded(loser);
                assertThat(keepers)
                        .extracting(keeper -> keeper.closed)
                        .containsExactly(true, false);
                Caller.assertConnected(winner, pair.two);
            }
        }
    }

    private static Socket greeted(ServerSocket listener) {
        try {
            var peer = listener.accept();
            peer.getOutputStream().write('!');
            return peer;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for both by what a kill does not interrupt, so that both come out. */
    private static Connection connectBoth(List<Keeper> keepers, int port) throws Exception {
        var made = new ArrayList<Connection>();
        var both = new CompletableFuture<@Nullable Void>();
        return HappyEyeballs.connect(
                addresses(port),
                address -> {
                    Connection own = keeping(keepers.get(made.size())).connect(address);
                    made.add(own);
                    if (made.size() == 2) {
                        while (made.getFirst().available() == 0) {
                            Weft.yieldNow();
                        }
                        both.complete(null);
                    }
                    both.join();
                    return own;
                });
    }

    private static Connector keeping(Keeper keeper) {
        return new Connector().codec(made -> made.codec(keeper));
    }

    private static void assertEnded(Socket peer) throws IOException {
        peer.setSoTimeout((int) Caller.LONG.toMillis());
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void whoIsKilledAsTheFirstIsTakenLeavesNothing() throws Exception {
        try (var listener = Caller.listen()) {
            var keeper = new Keeper();
            var connecting = new CompletableFuture<Coroutine<?>>();
            var coroutine =
                    caller.loop.spawn(
                            () ->
                                    HappyEyeballs.connect(
                                            addresses(listener.getLocalPort()),
                                            address -> {
                                                var made = keeping(keeper).connect(address);
                                                connecting.join().kill();
                                                return made;
                                            }));
            connecting.complete(coroutine);
            try (var peer = listener.accept()) {
                assertEnded(peer);
            }
            assertThat(coroutine.join(Caller.LONG)).isTrue();
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.KILLED);
            assertThat(keeper.closed).isTrue();
        }
    }
}
