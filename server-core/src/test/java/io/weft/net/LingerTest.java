package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.ManualClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** What was written goes out after a close too, but a peer that never reads is not waited for. */
class LingerTest {
    private static final Duration LINGER = Linger.LIMIT;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isCutShortByOneTimer(boolean whileFlushing) throws Exception {
        try (var tether = new Tether(clock.group(1))) {
            var connection = tether.connection;
            var writer =
                    tether.spawn(
                            () -> {
                                var bytes = new byte[50_000];
                                while (true) {
                                    connection.write(bytes);
                                    if (whileFlushing) {
                                        connection.flush();
                                    }
                                }
                            });
            await().atMost(Tether.PATIENCE)
                    .during(Tether.SETTLED)
                    .until(() -> tether.call(() -> connection.outbound.gate().isOccupied()));
            connection.close();
            connection.close();
            await().atMost(Tether.PATIENCE).until(writer::isDone);
            await().atMost(Tether.PATIENCE)
                    .until(() -> tether.<Integer>call(tether.loop::timerCount) == 1);
            assertThat(connection.channel().isOpen()).isTrue();

            clock.advance(LINGER);
            await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        }
    }

    @Test
    void endsWithTheLastByte() throws Exception {
        try (var tether = new Tether(clock.group(1))) {
            var connection = tether.connection;
            var bytes = new byte[Outbound.MARKS.high()];
            tether.call(
                    () -> {
                        connection.write(bytes);
                        connection.close();
                        return null;
                    });
            assertThat(tether.peer.getInputStream().readAllBytes()).hasSize(bytes.length);
            clock.advance(Linger.SILENCE); // when it looks whether the kernel has sent everything
            await().atMost(Tether.PATIENCE).until(() -> !connection.channel().isOpen());
        }
    }
}
