package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parks a million coroutines on one loop, and wakes them all; prints how many bytes each has taken.
 */
final class MillionParked {
    private static final int MILLION = 1_000_000;

    private final Loop loop;
    private final WaitQueue gate = new WaitQueue();
    private int woken; // loop-confined

    private MillionParked(Loop loop) {
        this.loop = loop;
    }

    public static void main(String[] args) throws Exception {
        try (var group = LoopGroup.create(1)) {
            var all = new MillionParked(group.next());
            all.letTheCompilerSeeHowWaitingEnds();
            long before = usedMemory();
            all.park(MILLION);
            System.out.println((usedMemory() - before) / MILLION);
            all.wake(MILLION);
        }
    }

    /**
     * Code that was compiled before anybody came back from waiting has no way back: a million
     * frames of it would have to be deoptimised, one by one.
     */
    private void letTheCompilerSeeHowWaitingEnds() throws Exception {
        for (int i = 0; i < 10; i++) {
            park(10_000);
            wake(10_000);
        }
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

    private void wake(int count) throws Exception {
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
