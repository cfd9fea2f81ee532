package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

/** Kills and limits inside a look-up. The JDK remembers names, so each test has its own. */
class LookUpEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FakeDns dns;
    private LoopGroup group;
    private Loop loop;

    @BeforeEach
    void open() throws IOException {
        dns = new FakeDns();
        group = LoopGroup.create(1);
        loop = group.next();
    }

    @AfterEach
    void close() {
        dns.close();
        group.close();
    }

    /** What {@code call}, which looks up {@code name}, throws when it is killed. */
    private Throwable killed(String name, Callable<?> call) throws Exception {
        dns.hold(name);
        var thrown = new AtomicReference<Throwable>();
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return call.call();
                            } catch (Throwable e) {
                                thrown.set(e);
                                throw e;
                            }
                        });
        await().atMost(PATIENCE).until(() -> dns.wasAsked(name));
        coroutine.kill();
        assertThat(coroutine.join(PATIENCE)).isTrue();
        assertThat(coroutine.state()).isEqualTo(Coroutine.State.KILLED);
        return thrown.get();
    }

    @Test
    void killComesOutOfSocketsAsAnIOException() throws Exception {
        dns.host("a.end.test", 127, 0, 0, 1).host("b.end.test", 127, 0, 0, 1);
        assertThat(killed("a.end.test", () -> new Socket("a.end.test", 1)))
                .isInstanceOf(InterruptedIOException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(
                        killed(
                                "b.end.test",
                                () -> SocketChannel.open(new InetSocketAddress("b.end.test", 1))))
                .isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void killComesOutOfALookUpAsAnIOException() throws Exception {
        dns.host("c.end.test", 127, 0, 0, 1);
        assertThat(killed("c.end.test", () -> InetAddress.getAllByName("c.end.test")))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("was killed");
    }

    /** Of the look-up itself, and of the one by which the JDK verifies it. */
    @Test
    void killComesOutOfALookUpOfAName() throws Exception {
        var six = InetAddress.getByAddress(new byte[] {127, 7, 7, 6});
        dns.pointer("6.7.7.127.in-addr.arpa", "six.end.test");
        assertThat(killed("6.7.7.127.in-addr.arpa", six::getCanonicalHostName))
                .isInstanceOf(InterruptedIOException.class);

        var seven = InetAddress.getByAddress(new byte[] {127, 7, 7, 7});
        dns.pointer("7.7.7.127.in-addr.arpa", "seven.end.test")
                .host("seven.end.test", 127, 7, 7, 7);
        assertThat(killed("seven.end.test", seven::getCanonicalHostName))
                .isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void limitIsExpired() throws Exception {
        dns.host("d.end.test", 127, 0, 0, 9);
        var release = dns.hold("d.end.test");
        var late =
                loop.spawn(
                        () ->
                                Timeout.call(
                                        Duration.ofMillis(20),
                                        () -> InetAddress.getByName("d.end.test")));
        assertThatThrownBy(late::get)
                .cause()
                .isInstanceOf(Timeout.Expired.class)
                .hasCauseInstanceOf(InterruptedIOException.class);
        release.countDown();
        // and is nobody else's failure
        assertThat(loop.call(() -> InetAddress.getByName("d.end.test")).getHostAddress())
                .isEqualTo("127.0.0.9");
    }

    /** The JDK has it wait for a lock; what holds there is what holds of every such lock. */
    @Test
    void secondLookUpOfANameIsStruckWhenTheFirstEnds() throws Exception {
        dns.host("e.end.test", 127, 0, 0, 9);
        var release = dns.hold("e.end.test");
        var first = loop.spawn(() -> InetAddress.getByName("e.end.test"));
        await().atMost(PATIENCE).until(() -> dns.wasAsked("e.end.test"));
        var second =
                loop.spawn(
                        () -> {
                            InetAddress.getByName("e.end.test");
                            Weft.yieldNow();
                            return "lives";
                        });
        Threads.awaitParked(second);
        second.kill();
        assertThat(loop.call(() -> "the loop goes on")).isNotNull();
        assertThat(second.isDone()).isFalse();
        release.countDown();
        assertThat(first.get(PATIENCE).getHostAddress()).isEqualTo("127.0.0.9");
        assertThatThrownBy(() -> second.get(PATIENCE)).isInstanceOf(CancellationException.class);
    }

    @Test
    void secondLookUpGoesOnWhenTheFirstIsKilled() throws Exception {
        dns.host("f.end.test", 127, 0, 0, 9);
        var release = dns.hold("f.end.test");
        var first = loop.spawn(() -> InetAddress.getByName("f.end.test"));
        await().atMost(PATIENCE).until(() -> dns.wasAsked("f.end.test"));
        var second = loop.spawn(() -> InetAddress.getByName("f.end.test"));
        Threads.awaitParked(second);
        first.kill();
        assertThat(first.join(PATIENCE)).isTrue();
        release.countDown();
        assertThat(second.get(PATIENCE).getHostAddress()).isEqualTo("127.0.0.9");
    }

    /** Weft's own look-ups go by no lock. */
    @Test
    void secondConnectionToANameIsKilledAtOnce() throws Exception {
        dns.host("g.end.test", 127, 0, 0, 1);
        dns.hold("g.end.test");
        var lookUp = loop.spawn(() -> InetAddress.getByName("g.end.test"));
        await().atMost(PATIENCE).until(() -> dns.wasAsked("g.end.test"));
        Callable<Connection> connect =
                () ->
                        Connection.connect(
                                InetSocketAddress.createUnresolved("g.end.test", 1), PATIENCE);
        var one = loop.spawn(connect);
        var other = loop.spawn(connect);
        Threads.awaitParked(one);
        Threads.awaitParked(other);
        other.kill();
        assertThat(other.join(PATIENCE)).isTrue();
        assertThat(other.exception()).isInstanceOf(InterruptedIOException.class);
        assertThat(one.isDone()).isFalse();
        assertThat(lookUp.isDone()).isFalse();
        one.kill();
        lookUp.kill();
        assertThat(one.join(PATIENCE)).isTrue();
    }
}
