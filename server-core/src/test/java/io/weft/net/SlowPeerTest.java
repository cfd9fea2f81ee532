package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.weft.Coroutine;
import io.weft.ManualClock;
import io.weft.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/**
 * A peer that takes a little in each limit gets everything, however long that is in all; one that
 * takes nothing is cut, and sees that. Time is the test's.
 */
class SlowPeerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SIZE = 500_000;

    /** Of the kernel's, which doubles it; no more than it gives to everybody. */
    private static final int LARGE_BUFFER = 200_000;

    /** Of a reader whose steps the kernel can tell apart, in milliseconds. */
    private static final long PACE = 30;

    enum Way {
        ARRAY,
        BUFFER,
        FILE,
        LITTLE_BY_LITTLE
    }

    @TempDir Path directory;
    private final ManualClock clock = new ManualClock();
    private final Pattern pattern = new Pattern(5);
    private final byte[] sent = new byte[SIZE];
    private Tether tether;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        tether = new Tether(clock.group(1));
        connection = tether.connection;
        connection.option(ChannelOption.SO_SNDBUF, Tether.SMALL_BUFFER);
        connection.writeTimeout(LIMIT);
        pattern.fill(sent, 0, SIZE, 0);
    }

    @AfterEach
    void close() throws Exception {
        connection.abort();
        tether.close();
    }

    private void write(Way way) throws IOException {
        switch (way) {
            case ARRAY -> connection.write(sent);
            case BUFFER -> connection.write(Unpooled.wrappedBuffer(sent));
            case FILE -> {
                Path file = Files.write(directory.resolve("file"), sent);
                connection.writeFile(file, 0, SIZE);
            }
            case LITTLE_BY_LITTLE -> {
                for (int i = 0; i < SIZE; i += 1000) {
                    connection.write(sent, i, 1000);
                }
            }
        }
    }

    private long unsent() throws Exception {
        return tether.call(connection::unsent);
    }

    /** Returns when the kernel takes no more. */
    private void awaitStill() {
        var last = new long[] {-1};
        await().atMost(Tether.PATIENCE)
                .during(Tether.SETTLED)
                .until(
                        () -> {
                            long before = last[0];
                            last[0] = unsent();
                            return last[0] == before && last[0] > 0;
                        });
    }

    /** Reads to the end, nearly one limit after another, each with a little of progress. */
    private byte[] readSlowly(int size, Duration limit) throws Exception {
        Duration nearly = limit.multipliedBy(9).dividedBy(10);
        var received = new byte[size];
        int total = 0;
        int limits = 0;
        while (total < size) {
            long before = advanceIfUnsent(nearly);
            if (before > 0) {
                limits++;
            }
            do {
                int most = Math.min(4096, size - total);
                int count = tether.peer.getInputStream().read(received, total, most);
                assertThat(count).as("after %d bytes", total).isPositive();
                total += count;
            } while (total < size && before > 0 && unsent() == before);
        }
        assertThat(limits).isGreaterThan(5);
        return received;
    }

    /** What is unsent; what the kernel takes after that it takes when the time has passed. */
    private long advanceIfUnsent(Duration time) throws Exception {
        return tether.call(
                () -> { // meanwhile the hub does nothing
                    long unsent = connection.unsent();
                    if (unsent > 0) {
                        clock.advance(time);
                    }
                    return unsent;
                });
    }

    @ParameterizedTest
    @EnumSource
    void slowOneGetsAll(Way way) throws Exception {
        var writer =
                tether.spawn(
                        () -> {
                            write(way);
                            connection.flush();
                            return null;
                        });
        awaitStill();
        assertThat(readSlowly(SIZE, LIMIT)).isEqualTo(sent);
        writer.get();
    }

    @ParameterizedTest
    @EnumSource
    void slowOneGetsAllBeforeTheClose(Way way) throws Exception {
        tether.spawn(
                () -> {
                    write(way);
                    connection.close();
                    return null;
                });
        awaitStill();
        assertThat(readSlowly(SIZE, Linger.LIMIT)).isEqualTo(sent);
        assertThat(tether.peer.getInputStream().read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatStopsIsGivenUp(Way way) throws Exception {
        Coroutine<Void> writer =
                tether.spawn(
                        () -> {
                            write(way);
                            connection.flush();
                            return null;
                        });
        awaitStill();
        awaitWhilePassing(LIMIT, writer::isDone);
        assertThatThrownBy(writer::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SocketTimeoutException.class);
        connection.abort();
        await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        assertCut();
    }

    /** Not by a plain end, which would look like the end of what there was. */
    @Test
    void oneThatStopsWhileTheRestIsSentIsCutAndSeesThat() throws Exception {
        tether.spawn(
                () -> {
                    write(Way.FILE);
                    connection.close();
                    return null;
                });
        awaitStill();
        awaitWhilePassing(Linger.LIMIT, () -> !connection.channel().isOpen());
        assertCut();
    }

    /**
     * What it takes is not a third of the kernel's buffer, before which the kernel takes no more:
     * only the kernel knows of it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slowOneBehindALargeBufferIsNotGivenUp(boolean afterTheClose) throws Exception {
        assumeThat(Transport.preferred())
                .as("the transport whose channels tell what the kernel has sent")
                .isEqualTo(Transport.EPOLL);
        connection.option(ChannelOption.SO_SNDBUF, LARGE_BUFFER);
        var writer =
                tether.spawn(
                        () -> {
                            connection.write(new byte[16 * LARGE_BUFFER]);
                            return null;
                        });
        awaitStill();
        if (afterTheClose) {
            connection.close();
        }
        long before = unsent();
        Duration limit = afterTheClose ? Linger.LIMIT : LIMIT;
        for (int i = 0; i < 4; i++) {
            Thread.sleep(PACE);
            takeWhatIsThere();
            clock.advance(limit.multipliedBy(9).dividedBy(10));
            awaitTurns();
        }
        assumeThat(unsent()).as("the kernel's buffer is large enough").isEqualTo(before);
        assertThat(connection.channel().isOpen()).isTrue();
        assertThat(writer.isDone()).isEqualTo(afterTheClose);
    }

    /** In which the loop comes to what the clock has brought, and to who waits for that. */
    private void awaitTurns() throws Exception {
        for (int i = 0; i < 3; i++) {
            tether.call(() -> null);
        }
    }

    /** And returns when the kernel has sent more. */
    private void takeWhatIsThere() throws IOException {
        var in = tether.peer.getInputStream();
        in.readNBytes(in.available());
        await().atMost(Tether.PATIENCE).until(() -> in.available() > 0);
    }

    /** More than one limit may pass: in the first one the kernel took something. */
    private void awaitWhilePassing(Duration limit, BooleanSupplier done) {
        await().atMost(Tether.PATIENCE)
                .until(
                        () -> {
                            clock.advance(limit);
                            return done.getAsBoolean();
                        });
    }

    private void assertCut() {
        assertThatThrownBy(() -> tether.peer.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void whatIsUnsentIsKnownToTheByte() throws Exception {
        assertThat(unsent()).isZero();
        tether.spawn(
                () -> {
                    write(Way.FILE);
                    return null;
                });
        awaitStill();
        long unsent = unsent();
        connection.abort();
        await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        assertThat(unsent()).isBetween(1L, (long) SIZE).isEqualTo(unsent);
    }
}
