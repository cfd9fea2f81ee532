package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.Unpooled;
import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Whoever does not read stops who writes, and costs no memory but the few buffers between them. */
class BackpressureTest {
    /** More than what the kernel keeps for two sockets (Linux: tcp_wmem and tcp_rmem, 4 + 6 MB). */
    private static final long ENDLESS = 1L << 40;

    private static final long KERNEL = 16L << 20;
    private static final long LARGE = 64L << 20;
    private static final int MESSAGE = 8 * 1024;

    /** What Netty reckons for a message beside its bytes (ChannelOutboundBuffer). */
    private static final int ENTRY = 96;

    /** What the kernel takes may arrive in steps; then nothing moves for so long. */
    private static final Duration STILL = Duration.ofMillis(300);

    private final Pattern out = new Pattern(1);
    private final Pattern in = new Pattern(2);
    private Tether tether;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        tether = new Tether();
        connection = tether.connection;
    }

    @AfterEach
    void close() throws Exception {
        tether.close();
    }

    @Test
    void clientThatNeverReadsParksTheWriterAndCostsNoMemory() throws Exception {
        long before = directMemory();
        var writer = spawnWriter(ENDLESS);
        awaitWriterAtRest();

        assertThat(tether.call(this::pendingOutput))
                .isLessThan(Outbound.MARKS.high() + 2 * Pattern.LARGEST);
        assertThat(directMemory() - before).isLessThan(KERNEL);
        assertThat(writer.isDone()).isFalse();
        writer.kill();
        writer.join();
        connection.abort();
    }

    @Test
    void handlerThatNeverReadsStopsTheSenderAndCostsNoMemory() throws Exception {
        long before = directMemory();
        var sent = new AtomicLong();
        var sender = startPeerWriter(ENDLESS, sent);
        awaitStill(sent);

        assertThat(sent.get()).isPositive().isLessThan(KERNEL);
        assertThat(tether.call(connection::available)).isBetween(1, 2 * Inbound.LIMIT);
        assertThat(directMemory() - before).isLessThan(KERNEL);
        tether.peer.close();
        assertThat(sender.join(Tether.PATIENCE)).isTrue();
    }

    @Test
    void bothWaysResumeAndDeliverEverything() throws Exception {
        var sent = new AtomicLong();
        var sender = startPeerWriter(LARGE, sent);
        var writer = spawnWriter(LARGE);
        awaitStill(sent);
        awaitWriterAtRest();

        var reader = tether.spawn(() -> in.read(connection, LARGE, 4));
        assertThat(drainPeer()).isEqualTo(LARGE);
        assertThat(reader.get()).isEqualTo(LARGE);
        writer.get();
        tether.peer.shutdownOutput();
        assertThat(connection.read(1)).isNull();
        assertThat(sender.join(Tether.PATIENCE)).isTrue();
        assertThat(sent).hasValue(LARGE);
    }

    /** The reader stops again and again, so that the sender does too. */
    @Test
    void readerThatRestsNowAndThenGetsEverything() throws Exception {
        var sent = new AtomicLong();
        var sender = startPeerWriter(LARGE / 4, sent);
        long received =
                tether.call(
                        () -> {
                            var bytes = new byte[Inbound.LIMIT];
                            long position = 0;
                            for (int i = 0; position < LARGE / 4; i++) {
                                if (i % 100 == 0) {
                                    Weft.sleep(Duration.ofMillis(5));
                                }
                                int count = connection.read(bytes);
                                in.check(bytes, count, position);
                                position += count;
                            }
                            return position;
                        });
        assertThat(received).isEqualTo(LARGE / 4);
        assertThat(sender.join(Tether.PATIENCE)).isTrue();
    }

    /** Reading no faster than the other side takes. */
    @Test
    void transferStopsWithItsTarget() throws Exception {
        var sent = new AtomicLong();
        try (var target = new Tether()) {
            var sender = startPeerWriter(LARGE, sent);
            var transfer = tether.spawn(() -> connection.transferTo(target.connection));
            awaitStill(sent);
            assertThat(sent.get()).isLessThan(2 * KERNEL);
            assertThat(transfer.isDone()).isFalse();

            var bytes = new byte[Inbound.LIMIT];
            long total = 0;
            while (total < LARGE) {
                int count = target.peer.getInputStream().read(bytes);
                in.check(bytes, count, total);
                total += count;
            }
            assertThat(sender.join(Tether.PATIENCE)).isTrue();
            tether.peer.shutdownOutput();
            assertThat(transfer.get()).isEqualTo(LARGE);
        }
    }

    /**
     * As much as the mark and not a byte more is not too much for Netty, which then does not tell
     * when it is less.
     */
    @Test
    void writerGoesOnAfterOutputThatReachesTheMarkExactly() throws Exception {
        blockOutput();
        tether.call(
                () -> {
                    int left = Outbound.MARKS.high() - (int) connection.outbound.inNetty();
                    connection.write(Unpooled.wrappedBuffer(new byte[left - ENTRY]));
                    return null;
                });
        assertThat(tether.call(connection.outbound::inNetty)).isEqualTo(Outbound.MARKS.high());

        assertGoesOnAfter(() -> {});
    }

    /** As a codec that compresses does: what it makes of them may need no waiting at all. */
    @Test
    void writerGoesOnAfterMessagesThatTakeLessThanWasReckoned() throws Exception {
        blockOutput();
        tether.call(
                () -> {
                    int left = Outbound.MARKS.low() - (int) connection.outbound.inNetty();
                    connection.write(Unpooled.wrappedBuffer(new byte[left]));
                    return null;
                });
        assertGoesOnAfter(
                () ->
                        connection.writeMessage(
                                Unpooled.wrappedBuffer(new byte[1]), Outbound.MARKS.high()));
    }

    /** By small messages, until some of the last stays with Netty. */
    private void blockOutput() throws Exception {
        tether.call(
                () -> {
                    while (connection.outbound.inNetty() == 0) {
                        connection.write(Unpooled.wrappedBuffer(new byte[MESSAGE]));
                        Weft.sleep(Duration.ofMillis(1));
                    }
                    return null;
                });
    }

    /** Another write, which has begun before the peer reads. */
    private void assertGoesOnAfter(Action before) throws Exception {
        var writer =
                tether.call(
                        () -> {
                            var begun =
                                    tether.spawn(
                                            () -> {
                                                before.run();
                                                connection.write(new byte[1]);
                                                connection.close();
                                                return null;
                                            });
                            Weft.yieldNow();
                            return begun;
                        });
        var reader =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        tether.peer
                                                .getInputStream()
                                                .transferTo(OutputStream.nullOutputStream());
                                    } catch (IOException e) {
                                        // the writer has not closed
                                    }
                                });
        assertThat(writer.join(Tether.PATIENCE)).isTrue();
        reader.join();
    }

    private Coroutine<Void> spawnWriter(long total) {
        return tether.spawn(
                () -> {
                    out.write(connection, total, 3);
                    connection.shutdownOutput();
                    return null;
                });
    }

    private void awaitWriterAtRest() {
        await().atMost(Tether.PATIENCE)
                .during(STILL)
                .until(() -> tether.call(() -> connection.outbound.gate().isOccupied()));
    }

    /** Sends {@code total} bytes, or until the connection ends. */
    private Thread startPeerWriter(long total, AtomicLong sent) {
        return Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            var bytes = new byte[10_000];
                            try {
                                var stream = tether.peer.getOutputStream();
                                while (sent.get() < total) {
                                    long position = sent.get();
                                    int count = (int) Math.min(bytes.length, total - position);
                                    in.fill(bytes, 0, count, position);
                                    stream.write(bytes, 0, count);
                                    sent.addAndGet(count);
                                }
                            } catch (IOException e) {
                                // the test is over
                            }
                        });
    }

    /** Of a sender that has begun. */
    private static void awaitStill(AtomicLong sent) {
        var last = new AtomicLong();
        await().atMost(Tether.PATIENCE)
                .during(STILL)
                .until(
                        () -> {
                            long now = sent.get();
                            return last.getAndSet(now) == now && now > 0;
                        });
    }

    private long drainPeer() throws Exception {
        var bytes = new byte[50_000];
        long total = 0;
        for (int count; (count = tether.peer.getInputStream().read(bytes)) >= 0; ) {
            out.check(bytes, count, total);
            total += count;
        }
        return total;
    }

    private long pendingOutput() {
        return connection.channel().unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
