package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

/** The cheapest start: like any other, without anything to hold on to. */
class SpawnRawTest {
    @Test
    void runsInTheOrderOfAllSpawns() throws Exception {
        var order = new ArrayList<String>();
        Weft.run(
                () -> {
                    Weft.spawn(() -> order.add("first"));
                    Weft.spawnRaw(() -> order.add("second"));
                    Weft.spawn(() -> order.add("third"));
                    order.add("never inline");
                    Weft.yieldNow();
                });
        assertThat(order).containsExactly("never inline", "first", "second", "third");
    }

    @Test
    void mayBlockAndHasTimeouts() throws Exception {
        var order = new ArrayList<String>();
        Weft.run(
                () -> {
                    var done = new CountDownLatch(1);
                    Weft.spawnRaw(
                            () -> {
                                try (var _ = Timeout.start(Duration.ofMillis(1))) {
                                    Weft.sleep(Duration.ofDays(1));
                                } catch (Timeout.Expired e) {
                                    order.add("expired");
                                }
                                done.countDown();
                            });
                    done.await();
                });
        assertThat(order).containsExactly("expired");
    }

    @Test
    void whatItThrowsIsReported() throws Exception {
        try (var log = LogRecorder.of(Loop.class);
                var group = LoopGroup.create(1)) {
            var loop = group.next();
            loop.spawnRaw(
                    () -> {
                        throw new IllegalStateException("broken");
                    });
            await().until(() -> log.messages().size() == 1);
            assertThat(log.messages().getFirst())
                    .isEqualTo(
                            "a raw coroutine of "
                                    + loop
                                    + " failed with java.lang.IllegalStateException: broken");
            assertThat(loop.call(() -> "alive")).isEqualTo("alive");
        }
    }
}
