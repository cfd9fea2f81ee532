package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** One loop carries a million parked coroutines, and wakes them all. */
@Timeout(180) // for machines with better things to do; it takes a few seconds
class MillionTest {
    private static final int MILLION = 1_000_000;

    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();
    private final WaitQueue gate = new WaitQueue();
    private int woken; // loop-confined

    @AfterEach
    void end() {
        group.close();
    }

    /**
     * Code that was compiled before anybody came back from waiting has no way back: a million
     * frames of it would have to be deoptimised, one by one.
     */
    @BeforeEach
    void letTheCompilerSeeHowWaitingEnds() throws Exception {
        for (int i = 0; i < 10; i++) {
            park(10_000);
            wakeAll(10_000);
        }
    }

    @Test
    void aMillionWait(TestReporter reporter) throws Exception {
        long before = usedMemory();
        park(MILLION);
        long each = (usedMemory() - before) / MILLION;
        reporter.publishEntry("bytes per parked coroutine", Long.toString(each));
        assertThat(each).isLessThan(2_000);
        wakeAll(MILLION);
    }

    private void park(int count) throws Exception {
        woken = 0;
        loop.call(
                () -> {
                    for (int i = 0; i < count; i++) {
                        int number = i;
                        Weft.spawn(() -> waitInLine(number));
                    }
                    return null;
                });
        loop.call(() -> null); // all who were spawned before have had their turn
        assertThat(loop.<Integer>call(loop::coroutineCount)).isEqualTo(count + 1);
    }

    private void wakeAll(int count) throws Exception {
        loop.call(
                () -> {
                    gate.lock();
                    try {
                        return gate.wakeAll();
                    } finally {
                        gate.unlock();
                    }
                });
        loop.call(() -> null);
        assertThat(loop.<Integer>call(() -> woken)).isEqualTo(count);
        assertThat(loop.<Integer>call(loop::coroutineCount)).isEqualTo(1);
    }

    /** Counts on only in its turn: the count is right if all were woken in their order. */
    private void waitInLine(int number) throws InterruptedException {
        gate.lock();
        try {
            gate.await(Deadline.NEVER, gate);
        } finally {
            gate.unlock();
        }
        if (woken == number) {
            woken++;
        }
    }

    private static long usedMemory() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
