package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** The ways in which a connection ends, wholly or half. */
class CloseTest {
    private static final int CHUNK = 16 * 1024;

    private final Pattern pattern = new Pattern(1);
    private final AtomicLong written = new AtomicLong();
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

    // ---- half

    @Test
    void afterTheEndOfTheInputTheOutputGoesOn() throws Exception {
        tether.send("last");
        tether.peer.shutdownOutput();

        assertThat(connection.readExactly(4)).asString().isEqualTo("last");
        assertThat(connection.read(1)).isNull();
        connection.write("answer");
        connection.flush();
        assertThat(tether.received(6)).isEqualTo("answer");
        assertThat(connection.read(1)).isNull();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void afterTheEndOfTheOutputTheInputGoesOn() throws Exception {
        connection.write("last");
        connection.shutdownOutput();

        assertThat(tether.receivedToTheEnd()).isEqualTo("last");
        tether.send("answer");
        assertThat(connection.readExactly(6)).asString().isEqualTo("answer");
        assertThatThrownBy(() -> connection.write("more"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was shut down");
        connection.flush();
    }

    @Test
    void endOfTheOutputComesAfterAllThatWasWritten() throws Exception {
        writeUntilItBlocks();
        connection.shutdownOutput();

        assertThat(drainPeer()).isEqualTo(written.get());
    }

    @Test
    void waitingReaderReadsTheEnd() throws Exception {
        var reader = tether.spawn(() -> connection.read(new byte[1]));
        tether.awaitReader();
        tether.peer.shutdownOutput();

        assertThat(reader.get()).isEqualTo(-1);
    }

    // ---- by the peer's reset

    @Test
    void resetFailsTheReader() throws Exception {
        var reader = tether.spawn(() -> connection.read(1));
        tether.awaitReader();
        tether.reset();

        assertDisconnected(reader);
        assertDisconnected(tether.spawn(() -> connection.read(1)));
    }

    @Test
    void resetFailsTheWriter() throws Exception {
        var writer = spawnWriter();
        tether.reset();

        assertDisconnected(writer);
        assertDisconnected(tether.spawn(() -> write("more")));
    }

    @Test
    void resetFailsTheFlush() throws Exception {
        writeUntilItBlocks();
        var flush = spawnFlushThatBlocks();
        tether.reset();

        assertDisconnected(flush);
    }

    /** A hub that asks again and again whether the output is out would never sleep. */
    @Test
    void resetAfterCloseLeavesTheLoopAsleep() throws Exception {
        writeUntilItBlocks();
        connection.close();
        tether.reset();

        await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        await().atMost(Tether.PATIENCE).until(() -> tether.loop.progress() == Loop.ASLEEP);
    }

    /** As before, when the output fails first and is flushed afterwards. */
    @Test
    void channelClosedUnderWaitingOutputLeavesTheLoopAsleep() throws Exception {
        writeUntilItBlocks();
        var flush = spawnFlushThatBlocks();
        connection.channel().close().syncUninterruptibly();

        assertDisconnected(flush);
        connection.close();
        await().atMost(Tether.PATIENCE).until(() -> tether.loop.progress() == Loop.ASLEEP);
    }

    // ---- by this side

    @Test
    void closeFailsTheReader() throws Exception {
        var reader = tether.spawn(() -> connection.read(1));
        tether.awaitReader();
        connection.close();

        assertClosed(reader);
        assertThat(tether.receivedToTheEnd()).isEmpty();
    }

    @Test
    void closeFailsTheWriterAndDeliversWhatItWrote() throws Exception {
        var writer = spawnWriter();
        connection.close();

        assertClosed(writer);
        assertThat(drainPeer()).isEqualTo(written.get());
    }

    @Test
    void closeFailsTheFlushAndDeliversWhatWasWritten() throws Exception {
        writeUntilItBlocks();
        var flush = spawnFlushThatBlocks();
        connection.close();

        assertClosed(flush);
        assertThat(drainPeer()).isEqualTo(written.get());
    }

    @Test
    void closeAfterTheEndOfTheOutputDeliversWhatWasWritten() throws Exception {
        writeUntilItBlocks();
        connection.shutdownOutput();
        connection.close();

        assertThat(drainPeer()).isEqualTo(written.get());
    }

    @Test
    void closeInTheSameTurnAsTheWriteDeliversIt() throws Exception {
        tether.call(
                () -> {
                    connection.write("hello");
                    connection.close();
                    return null;
                });
        assertThat(tether.receivedToTheEnd()).isEqualTo("hello");
    }

    @Test
    void abortLosesWhatHasNotGoneOut() throws Exception {
        writeUntilItBlocks();
        connection.abort();

        await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        assertThat(drainPeer()).isLessThan(written.get());
    }

    @Test
    void abortAfterCloseLosesWhatHasNotGoneOut() throws Exception {
        writeUntilItBlocks();
        connection.close();
        connection.abort();

        await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        assertThat(drainPeer()).isLessThan(written.get());
    }

    @Test
    void closedOneCanBeClosedAgainAndNotUsed() throws Exception {
        tether.sendAndSettle("unread");
        connection.close();
        connection.close();
        connection.abort();

        assertThat(connection.isOpen()).isFalse();
        assertClosed(tether.spawn(() -> connection.read(1)));
        assertClosed(tether.spawn(() -> connection.receive()));
        assertClosed(tether.spawn(() -> connection.readLine(10)));
        assertClosed(tether.spawn(() -> write("more")));
        assertClosed(
                tether.spawn(
                        () -> {
                            connection.shutdownOutput();
                            return null;
                        }));
        assertClosed(
                tether.spawn(
                        () -> {
                            connection.flush();
                            return null;
                        }));
    }

    // ---- with its loop

    @Test
    void endOfTheLoopEndsItsConnections() throws Exception {
        var reader = tether.spawn(() -> connection.read(1));
        tether.awaitReader();
        var writer = spawnWriter();
        tether.group.close();

        assertThat(reader.isDone()).isTrue();
        assertThat(reader.isSuccessful()).isFalse();
        assertThat(writer.isDone()).isTrue();
        assertThat(writer.isSuccessful()).isFalse();
        assertThat(drainPeer()).isLessThanOrEqualTo(written.get());
        assertThat(connection.isOpen()).isFalse();
        assertThatThrownBy(() -> connection.read(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> connection.write("more")).isInstanceOf(IOException.class);
        connection.close();
        connection.abort();
    }

    // ----

    private Void write(String text) throws IOException {
        connection.write(text);
        connection.flush();
        return null;
    }

    /** Returns when it has to wait. */
    private Coroutine<Void> spawnWriter() {
        Coroutine<Void> writer =
                tether.spawn(
                        () -> {
                            var chunk = new byte[CHUNK];
                            while (true) {
                                pattern.fill(chunk, 0, CHUNK, written.get());
                                connection.write(chunk);
                                written.addAndGet(CHUNK);
                                Weft.yieldNow();
                            }
                        });
        await().atMost(Tether.PATIENCE)
                .during(Tether.SETTLED)
                .until(() -> tether.call(() -> connection.outbound.gate().isOccupied()));
        return writer;
    }

    private void writeUntilItBlocks() throws Exception {
        var writer = spawnWriter();
        writer.kill();
        writer.join();
    }

    private Coroutine<Void> spawnFlushThatBlocks() {
        Coroutine<Void> flush =
                tether.spawn(
                        () -> {
                            connection.flush();
                            return null;
                        });
        await().atMost(Tether.PATIENCE)
                .during(Tether.SETTLED)
                .until(() -> tether.call(() -> connection.outbound.gate().isOccupied()));
        return flush;
    }

    /** How much comes to the peer until the connection ends in any way; all of it is right. */
    private long drainPeer() throws IOException {
        var bytes = new byte[CHUNK];
        long total = 0;
        try {
            for (int count; (count = tether.peer.getInputStream().read(bytes)) >= 0; ) {
                pattern.check(bytes, count, total);
                total += count;
            }
        } catch (java.net.SocketException e) {
            // a reset ends it too
        }
        return total;
    }

    private static void assertDisconnected(Coroutine<?> coroutine) throws Exception {
        assertThat(coroutine.join(Tether.PATIENCE)).isTrue();
        assertThat(coroutine.exception()).isInstanceOf(DisconnectedException.class);
    }

    private static void assertClosed(Coroutine<?> coroutine) throws Exception {
        assertThat(coroutine.join(Tether.PATIENCE)).isTrue();
        assertThat(coroutine.exception())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is closed");
    }
}
