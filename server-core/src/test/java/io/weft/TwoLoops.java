package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.time.Duration;

/** Two loops, on which nothing may be left behind. The test's coroutines run on the first. */
abstract class TwoLoops {
    static final Duration FOR_EVER = Duration.ofDays(1);

    final ManualClock clock = new ManualClock();
    final LoopGroup group = clock.group(2);
    final Loop loop = group.loops().get(0);

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Loop each : group.loops()) {
            assertThat(each.call(each::coroutineCount)).as("coroutines of " + each).isEqualTo(1);
            assertThat(each.call(each::timerCount)).as("timers of " + each).isZero();
        }
        assertThat(loop.unheard).isZero();
        group.close();
    }

    static Void sleepForEver() throws InterruptedException {
        Weft.sleep(FOR_EVER);
        return null;
    }

    static Void fail(String message) throws IOException {
        throw new IOException(message);
    }
}
