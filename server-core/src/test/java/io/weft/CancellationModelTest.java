package io.weft;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/**
 * Random programs end as the reference model of scopes says. {@code
 * -Dweft.cancellation.runs=300000} has more of them, {@code -Dweft.cancellation.seed=...} repeats
 * one.
 */
class CancellationModelTest {
    private static final int RUNS = Integer.getInteger("weft.cancellation.runs", 3_000);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile long seed;
    private volatile CancellationProgram program;

    @Test
    void programsEndAsTheModelOfScopesSays() throws Exception {
        Long only = Long.getLong("weft.cancellation.seed");
        long first = only != null ? only : RUNS > 3_000 ? System.nanoTime() : 0;
        try (var striker = new CancellationStriker()) {
            var all = striker.loop.spawn(() -> runAll(striker, first, only != null ? 1 : RUNS));
            for (long last = -1; !all.join(PATIENCE); last = seed) {
                if (last == seed) {
                    fail("a strike is lost in the program of seed %d: %s", seed, program);
                }
            }
            if (all.exception() != null) {
                throw new AssertionError("seed " + seed, all.exception());
            }
        }
    }

    private Void runAll(CancellationStriker striker, long first, int runs) throws Exception {
        for (int i = 0; i < runs; i++) {
            seed = first + i;
            program = new CancellationProgram(first + i, striker);
            program.run();
        }
        return null;
    }
}
