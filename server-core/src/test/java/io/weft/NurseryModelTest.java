package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/**
 * Random trees of nurseries end as the reference says, and leave nothing behind. {@code
 * -Dweft.nursery.runs=100000} has more of them, {@code -Dweft.nursery.seed=...} repeats one.
 */
class NurseryModelTest {
    private static final int RUNS = Integer.getInteger("weft.nursery.runs", 2_000);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile long seed;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void programsEndAsTheReferenceSays(int loops) throws Exception {
        Long only = Long.getLong("weft.nursery.seed");
        long first = only != null ? only : RUNS > 2_000 ? System.nanoTime() : 0;
        var clock = new ManualClock();
        try (var group = clock.group(loops)) {
            Loop loop = group.loops().get(0);
            var all = loop.spawn(() -> runAll(group, clock, first, only != null ? 1 : RUNS));
            for (long last = -1; !all.join(PATIENCE); last = seed) {
                if (last == seed) {
                    fail("the program of seed %d does not end, on %d loops", seed, loops);
                }
            }
            if (all.exception() != null) {
                throw new AssertionError(
                        "seed " + seed + " on " + loops + " loops", all.exception());
            }
            for (Loop each : group.loops()) {
                Awaitility.await()
                        .until(
                                () ->
                                        each.call(each::coroutineCount) == 1
                                                && each.call(each::timerCount) == 0);
            }
            assertThat(loop.unheard).isZero();
        }
    }

    private Void runAll(LoopGroup group, ManualClock clock, long first, int runs) throws Exception {
        for (int i = 0; i < runs; i++) {
            seed = first + i;
            new NurseryProgram(first + i, group, clock).run();
        }
        return null;
    }
}
