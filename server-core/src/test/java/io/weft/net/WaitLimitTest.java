package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Timeout;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Waits of a connection that come to an end of their own, and that it can be used afterwards. */
class WaitLimitTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofHours(1);

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
    void readTimesOutAndNothingIsLost() throws Exception {
        connection.readTimeout(SHORT);
        assertThatThrownBy(() -> tether.call(() -> connection.read(1)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("nothing to read within PT0.02S")
                .hasMessageContaining(connection.toString());
        tether.sendAndSettle("late");
        assertThat(tether.call(() -> connection.read(9))).hasSize(4);
    }

    /** What has come of a line stays for the next to read. */
    @Test
    void lineTimesOutAndKeepsWhatHasCome() throws Exception {
        connection.readTimeout(SHORT);
        tether.sendAndSettle("begun");
        assertThatThrownBy(() -> tether.call(() -> connection.readLine(99)))
                .isInstanceOf(SocketTimeoutException.class);
        tether.send(" and ended\n");
        connection.readTimeout(null);
        assertThat(tether.call(() -> connection.readLine(99))).isEqualTo("begun and ended");
    }

    @Test
    void limitCanBeTakenAwayAndSetLonger() throws Exception {
        connection.readTimeout(SHORT);
        assertThatThrownBy(() -> tether.call(() -> connection.read(1)))
                .isInstanceOf(SocketTimeoutException.class);
        for (Duration none : new Duration[] {null, Duration.ZERO, LONG}) {
            connection.readTimeout(none);
            var reader = tether.spawn(() -> connection.read(1));
            tether.awaitReader();
            tether.send("x");
            assertThat(reader.get()).hasSize(1);
        }
    }

    @Test
    void writeTimesOutAndWhatWasWrittenGoesOut() throws Exception {
        connection.writeTimeout(SHORT);
        var pattern = new Pattern(3);
        var written = new long[1];
        assertThatThrownBy(
                        () ->
                                tether.call(
                                        () -> {
                                            var bytes = new byte[10_000];
                                            while (true) {
                                                pattern.fill(bytes, 0, bytes.length, written[0]);
                                                connection.write(bytes);
                                                written[0] += bytes.length;
                                            }
                                        }))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("nothing to write within PT0.02S");

        byte[] received = tether.peer.getInputStream().readNBytes((int) written[0]);
        pattern.check(received, received.length, 0);
        connection.writeTimeout(null);
        tether.call(
                () -> {
                    connection.write("after");
                    return null;
                });
        assertThat(tether.received(5)).isEqualTo("after");
    }

    @Test
    void timeoutBlockAroundARead() throws Exception {
        assertThatThrownBy(() -> tether.call(() -> Timeout.call(SHORT, () -> connection.read(1))))
                .isInstanceOf(Timeout.Expired.class);
        tether.sendAndSettle("late");
        assertThat(tether.call(() -> connection.read(9))).hasSize(4);
    }

    @Test
    void timeoutBlockAroundAFlush() throws Exception {
        assertThatThrownBy(() -> tether.call(() -> Timeout.call(SHORT, this::writeForEver)))
                .isInstanceOf(Timeout.Expired.class);
        connection.abort();
    }

    @Test
    void killReachesAReaderOnce() throws Exception {
        var failure = new IOException[1];
        var reader =
                tether.spawn(
                        () -> {
                            try {
                                return connection.read(1);
                            } catch (InterruptedIOException e) {
                                failure[0] = e;
                                return connection.read(1); // it was told, and may go on
                            }
                        });
        tether.awaitReader();
        reader.kill();
        await().atMost(Tether.PATIENCE).until(() -> failure[0] != null);
        assertThat(failure[0]).hasMessageContaining("killed");
        tether.send("x");
        assertThat(reader.get()).hasSize(1);
    }

    @Test
    void killEndsAWriter() throws Exception {
        var writer = tether.spawn(this::writeForEver);
        await().atMost(Tether.PATIENCE)
                .during(Tether.SETTLED)
                .until(() -> tether.call(() -> connection.outbound.gate().isOccupied()));
        writer.kill();
        writer.join();
        assertThat(writer.state()).isEqualTo(Coroutine.State.KILLED);
        assertThatThrownBy(writer::get).isInstanceOf(CancellationException.class);
        connection.abort();
    }

    private Void writeForEver() throws IOException {
        var bytes = new byte[10_000];
        while (true) {
            connection.write(bytes);
        }
    }
}
