package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.server.StreamServer;
import io.weft.testing.Crowd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Clients of an echo server, with and without TLS, that are killed, timed out, closed and aborted
 * at random. However it ends, what was read is what was written, and nothing stays behind.
 */
class RandomTrafficTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOPS = 3;
    private static final int CLIENTS = 40;
    private static final int MOST = 400_000;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    static Stream<Long> seeds() {
        return Crowd.seeds(6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsMixedUpAndNothingStays(long seed) throws Exception {
        var random = new Random(seed);
        var clientTls = Tls.client().trust(Certificates.AUTHORITY).build();
        var serverTls = Certificates.localhost(Tls.server()).build();
        try (var group = LoopGroup.create(LOOPS);
                var plain = echo(group, null);
                var secure = echo(group, serverTls)) {
            traffic(random, 4, group, plain, secure, clientTls); // so that all is loaded
            assertNothingStays(group);
            long before = openFiles();

            traffic(random, CLIENTS, group, plain, secure, clientTls);

            assertThat(wrong).isEmpty();
            assertNothingStays(group);
            await().atMost(PATIENCE).until(() -> openFiles() <= before);
        }
    }

    private static StreamServer echo(LoopGroup group, Tls tls) throws IOException {
        return StreamServer.builder(
                        connection -> {
                            connection.readTimeout(PATIENCE).writeTimeout(PATIENCE);
                            connection.transferTo(connection);
                        })
                .listen("127.0.0.1:0")
                .group(group)
                .tls(tls)
                .bind();
    }

    private void traffic(
            Random random,
            int count,
            LoopGroup group,
            StreamServer plain,
            StreamServer secure,
            Tls tls)
            throws Exception {
        var all = new ArrayList<Coroutine<?>>();
        for (int i = 0; i < count; i++) {
            boolean isSecure = random.nextInt(3) == 0;
            var connector = new Connector().timeout(PATIENCE).tls(isSecure ? tls : null);
            var server = isSecure ? secure : plain;
            long own = random.nextLong();
            all.add(group.spawn("client " + i, () -> client(connector, server, own)));
        }
        for (int i = 0; i < count / 4; i++) {
            rest(random);
            all.get(random.nextInt(all.size())).kill();
        }
        for (Coroutine<?> coroutine : all) {
            assertThat(coroutine.join(PATIENCE)).as("%s ends", coroutine).isTrue();
        }
    }

    private static void rest(Random random) {
        LockSupport.parkNanos(random.nextInt(2_000_000));
    }

    /** Writes and reads at the same time, while something may happen to both. */
    private Void client(Connector connector, StreamServer server, long seed) throws Exception {
        var random = new Random(seed);
        var pattern = new Pattern(seed);
        long total = random.nextInt(MOST);
        List<Coroutine<?>> parts = new ArrayList<>();
        try (var connection = connector.connect(server.address())) {
            connection.readTimeout(Duration.ofMillis(random.nextInt(1, 200)));
            long writerSeed = random.nextLong();
            long readerSeed = random.nextLong();
            parts.add(
                    Weft.spawn(
                            () -> {
                                pattern.write(connection, total, writerSeed);
                                connection.shutdownOutput();
                                return null;
                            }));
            parts.add(Weft.spawn(() -> read(pattern, connection, total, readerSeed)));
            disturb(random, connection, parts);
            joinAll(parts);
        } finally {
            parts.forEach(Coroutine::kill);
        }
        return null;
    }

    private static Void joinAll(List<Coroutine<?>> parts) throws InterruptedException {
        for (Coroutine<?> part : parts) {
            part.join();
        }
        return null;
    }

    private Void read(Pattern pattern, Connection connection, long total, long seed) {
        try {
            long count = pattern.readToTheEnd(connection, seed);
            if (count > total) {
                throw new AssertionError(count + " bytes came back of " + total);
            }
        } catch (IOException e) {
            // closed, killed or timed out
        } catch (Throwable e) {
            wrong.add(e);
        }
        return null;
    }

    private static void disturb(Random random, Connection connection, List<Coroutine<?>> parts)
            throws Exception {
        if (random.nextInt(4) == 0) {
            return;
        }
        Weft.sleep(Duration.ofNanos(random.nextInt(20_000_000)));
        switch (random.nextInt(5)) {
            case 0 -> connection.close();
            case 1 -> connection.abort();
            case 2 -> parts.get(0).kill();
            case 3 -> parts.get(1).kill();
            default -> {
                try {
                    Timeout.call(Duration.ofMillis(random.nextInt(1, 10)), () -> joinAll(parts));
                } catch (Timeout.Expired e) {
                    // and on
                }
            }
        }
    }

    private static void assertNothingStays(LoopGroup group) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            for (Loop loop : group.loops()) {
                                assertThat(loop.call(loop::coroutineCount)).isEqualTo(1); // this
                                assertThat(loop.call(loop::timerCount)).isZero();
                            }
                        });
    }

    /** 0 where that cannot be told. */
    private static long openFiles() throws IOException {
        if (!Files.isDirectory(OPEN_FILES)) {
            return 0;
        }
        try (var files = Files.list(OPEN_FILES)) {
            return files.count();
        }
    }
}
