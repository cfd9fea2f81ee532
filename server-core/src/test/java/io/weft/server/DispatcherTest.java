package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.ManualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server must know whether there is a loop for those who come: it accepts nobody else. */
class DispatcherTest {
    private static final int TIMES = 5_000;

    /**
     * The time is over again and again in the moment in which the loop takes what it is offered.
     */
    @Test
    void loopThatComesAsItIsFoundLateIsThere() throws Exception {
        var clock = new ManualClock();
        var over = new AtomicBoolean();
        try (var group = clock.group(1)) {
            var dispatcher = new Dispatcher(group, () -> {});
            var time =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (!over.get()) {
                                            clock.advance(Dispatcher.PATIENCE);
                                            Thread.onSpinWait();
                                        }
                                    });
            try {
                for (int i = 0; i < TIMES; i++) {
                    var begun = new CountDownLatch(1);
                    dispatcher.dispatch(_ -> begun.countDown(), begun::countDown);
                    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
                    if (!dispatcher.isAnyPresent()) {
                        await().pollInterval(Duration.ofMillis(1)).until(dispatcher::isAnyPresent);
                    }
                }
            } finally {
                over.set(true);
                time.join();
            }
        }
    }
}
