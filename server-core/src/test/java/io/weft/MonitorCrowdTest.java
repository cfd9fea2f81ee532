package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.PinsCarriers;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Coroutines of two loops that wait on one monitor of the JDK's, and are killed there one by one:
 * where the JDK pins such a wait, a loop must not stay held by it.
 */
@PinsCarriers
class MonitorCrowdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PER_LOOP = 20;
    private static final int KILLS = 300;
    private static final int MOST_MILLIS = 4;

    private final Object monitor = new Object();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger waits = new AtomicInteger();

    private Void waitAgainAndAgain() throws InterruptedException {
        while (!over.get()) {
            synchronized (monitor) {
                int count = waits.incrementAndGet();
                monitor.wait(1 + count % MOST_MILLIS);
                if (count % (2 * MOST_MILLIS) == 0) {
                    monitor.notifyAll();
                }
            }
        }
        return null;
    }

    @Test
    void noneIsLostAndNoLoopIsHeld() throws Exception {
        try (var group = LoopGroup.create(2)) {
            List<Coroutine<?>> crowd = new ArrayList<>();
            for (int i = 0; i < 2 * PER_LOOP; i++) {
                crowd.add(group.next().spawn("waiter", this::waitAgainAndAgain));
            }
            for (int i = 0; i < KILLS; i++) {
                var victim = crowd.get(i % crowd.size());
                victim.kill();
                assertThat(victim.join(PATIENCE)).as("kill %s is heard", i).isTrue();
                crowd.set(i % crowd.size(), victim.loop().spawn("waiter", this::waitAgainAndAgain));
                for (Loop loop : group.loops()) {
                    var served = loop.spawn(() -> null);
                    assertThat(served.join(PATIENCE)).as("%s goes on", loop).isTrue();
                }
            }
            over.set(true);
            for (var each : crowd) {
                assertThat(each.join(PATIENCE)).isTrue();
            }
        }
    }
}
