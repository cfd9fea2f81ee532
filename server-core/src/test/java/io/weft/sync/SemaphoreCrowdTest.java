package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Crowd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Many on several loops and threads acquire and release, while some are interrupted and some run
 * out of time: never are more inside than there are permits, and at the end all permits are back.
 */
class SemaphoreCrowdTest {
    private static final int WORKERS = 10;
    private static final int STEPS = 300;

    static Stream<Long> seeds() {
        return Crowd.seeds(12);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void permitsAreNeitherLostNorMadeUp(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        int permits = 1 + random.nextInt(3);
        // without limits and interrupts a permit that is lost stops everything
        boolean patient = random.nextInt(3) == 0;
        var semaphore = new BoundedSemaphore(permits);
        var inside = new AtomicInteger();
        var ended = new AtomicInteger();
        try (var crowd = new Crowd(random)) {
            for (int i = 0; i < WORKERS; i++) {
                var own = random.split();
                crowd.join(
                        "worker " + i,
                        () -> {
                            for (int step = 0; step < STEPS; step++) {
                                try {
                                    enter(own, patient, semaphore, permits, inside);
                                } catch (InterruptedException e) {
                                    // no permit was taken, or the block has given it back
                                }
                            }
                            ended.incrementAndGet();
                        });
            }
            if (!patient) {
                crowd.harass(300, () -> ended.get() == WORKERS);
            }
            crowd.awaitThat(
                    "all end",
                    () -> {
                        assertConsistent(semaphore);
                        return ended.get() == WORKERS;
                    },
                    semaphore);
            crowd.awaitAll(semaphore);
        }
        assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(permits, 0));
        assertThat(inside).hasValue(0);
    }

    private static void assertConsistent(Semaphore semaphore) {
        var now = semaphore.statistics();
        assertThat(now.available() == 0 || now.waiting() == 0)
                .as("nobody waits while a permit is free: %s", now)
                .isTrue();
    }

    private static void enter(
            SplittableRandom random,
            boolean patient,
            Semaphore semaphore,
            int permits,
            AtomicInteger inside)
            throws Exception {
        if (!acquire(random, patient, semaphore)) {
            return;
        }
        try {
            assertThat(inside.incrementAndGet()).isLessThanOrEqualTo(permits);
            if (random.nextBoolean()) {
                Weft.yieldNow();
            }
        } finally {
            inside.decrementAndGet();
            semaphore.release();
        }
    }

    private static boolean acquire(SplittableRandom random, boolean patient, Semaphore semaphore)
            throws Exception {
        var time = Duration.ofNanos(random.nextInt(200_000));
        Callable<Boolean> patiently =
                () -> {
                    semaphore.acquire();
                    return true;
                };
        return switch (patient ? 0 : random.nextInt(5)) {
            case 0, 1 -> patiently.call();
            case 2 -> semaphore.acquire(time);
            case 3 -> semaphore.tryAcquire();
            // an acquire that is quicker than its timeout counts, also if both come at once
            default ->
                    Coroutine.current() == null
                            ? semaphore.acquire(time)
                            : Timeout.callOr(time, false, patiently);
        };
    }
}
