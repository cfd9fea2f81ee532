package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.testing.Crowd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Random commands to a semaphore and to a model of it, which is a number and a list: after each
 * command the same ones have got a permit, in the same order.
 */
class SemaphoreModelTest {
    private static final int COMMANDS = 400;

    static Stream<Long> seeds() {
        return Crowd.seeds(20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void behavesAsItsModel(long seed) throws Exception {
        Weft.run(() -> new Run(new SplittableRandom(seed)).run());
    }

    private static final class Run {
        private final SplittableRandom random;
        private final Semaphore semaphore;
        private final List<String> log = new ArrayList<>();
        private final List<String> expected = new ArrayList<>();
        private final List<Waiter> waiters = new ArrayList<>();
        private int available;
        private int made;

        private record Waiter(String name, Coroutine<?> coroutine) {}

        Run(SplittableRandom random) {
            this.random = random;
            this.available = random.nextInt(4);
            this.semaphore = new Semaphore(available);
        }

        void run() throws Exception {
            for (int i = 0; i < COMMANDS; i++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> acquire();
                    case 3, 4 -> release();
                    case 5 -> tryAcquire();
                    case 6 -> kill();
                    default -> killAndRelease();
                }
                Weft.yieldNow();
                assertThat(log).isEqualTo(expected);
                assertThat(semaphore.statistics())
                        .isEqualTo(new Semaphore.Statistics(available, waiters.size()));
            }
            waiters.forEach(waiter -> waiter.coroutine.kill());
        }

        private void acquire() {
            String name = "acquirer " + made++;
            var coroutine =
                    Weft.spawn(
                            () -> {
                                semaphore.acquire();
                                log.add(name);
                            });
            if (available > 0) {
                available--;
                expected.add(name);
            } else {
                waiters.add(new Waiter(name, coroutine));
            }
        }

        private void release() {
            semaphore.release();
            if (waiters.isEmpty()) {
                available++;
            } else {
                expected.add(waiters.removeFirst().name);
            }
        }

        private void tryAcquire() {
            assertThat(semaphore.tryAcquire()).isEqualTo(available > 0);
            available = Math.max(0, available - 1);
        }

        private void kill() {
            if (!waiters.isEmpty()) {
                waiters.remove(random.nextInt(waiters.size())).coroutine.kill();
            }
        }

        /** In one go, so that the killed one, if it is the first, is both woken and killed. */
        private void killAndRelease() {
            if (!waiters.isEmpty()) {
                Waiter killed = waiters.get(random.nextInt(waiters.size()));
                killed.coroutine.kill();
                release();
                waiters.remove(killed);
            }
        }
    }
}
