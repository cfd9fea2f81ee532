package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.Crowd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** One owner, who may come again, and the others in the order of asking. */
class RLockTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final RLock lock = new RLock();
    private final List<String> log = new ArrayList<>();

    static Stream<Long> seeds() {
        return Crowd.seeds(5);
    }

    @Test
    void ownerMayAcquireAgain() throws Exception {
        lock.acquire();
        assertThat(lock.acquire(LONG)).isTrue();
        assertThat(lock.tryAcquire()).isTrue();
        assertThat(lock.statistics()).isEqualTo(new RLock.Statistics(3, 0));
        lock.release();
        lock.release();
        assertThat(lock.isHeld()).isTrue();
        assertThat(lock.isHeldByCaller()).isTrue();
        lock.release();
        assertThat(lock.isHeld()).isFalse();
        assertThat(lock.isHeldByCaller()).isFalse();
    }

    @Test
    void othersWaitUntilItIsReleasedAsOftenAsAcquired() throws Exception {
        Weft.run(
                () -> {
                    lock.acquire();
                    lock.acquire();
                    assertThat(Weft.spawn(() -> lock.tryAcquire()).get()).isFalse();
                    assertThat(Weft.spawn(() -> lock.acquire(SHORT)).get()).isFalse();
                    var waiter = Weft.spawn(() -> holdAndLog("waiter"));
                    Weft.yieldNow();
                    assertThat(lock.statistics()).isEqualTo(new RLock.Statistics(2, 1));
                    lock.release();
                    Weft.yieldNow();
                    assertThat(log).isEmpty();
                    lock.release();
                    assertThat(lock.isHeldByCaller()).isFalse();
                    assertThat(lock.tryAcquire()).isFalse(); // it is the waiter's by now
                    waiter.get();
                });
        assertThat(log).containsExactly("waiter");
        assertThat(lock.isHeld()).isFalse();
    }

    @Test
    void blockWithinATimeBeginsWithTheLockOrNotAtAll() throws Exception {
        Weft.run(
                () -> {
                    try (var _ = lock.hold(LONG);
                            var _ = lock.hold(Duration.ZERO)) {
                        assertThat(lock.statistics()).isEqualTo(new RLock.Statistics(2, 0));
                        Weft.spawn(
                                        () ->
                                                assertThatThrownBy(() -> holdAndLog(SHORT))
                                                        .isInstanceOf(TimeoutException.class)
                                                        .hasMessage(
                                                                "the lock was not released within "
                                                                        + SHORT))
                                .get();
                    }
                    assertThat(lock.statistics()).isEqualTo(new RLock.Statistics(0, 0));
                    holdAndLog(SHORT);
                    assertThat(lock.isHeld()).isFalse();
                });
        assertThat(log).containsExactly("within a time");
    }

    private void holdAndLog(Duration timeout) throws Exception {
        try (var _ = lock.hold(timeout)) {
            log.add("within a time");
        }
    }

    @Test
    void blockThatDoesNotWaitIsToldWhetherItHolds() throws Exception {
        try (var held = lock.tryHold();
                var again = lock.tryHold()) {
            assertThat(held).isNotNull();
            assertThat(again).isNotNull();
            assertThat(Weft.<Held>run(() -> lock.tryHold())).isNull();
        }
        assertThat(lock.isHeld()).isFalse();
    }

    @Test
    void whoCameFirstIsFirst() throws Exception {
        Weft.run(
                () -> {
                    try (var _ = lock.hold()) {
                        for (String name : List.of("A", "B", "C")) {
                            Weft.spawn(() -> holdAndLog(name));
                        }
                        Weft.yieldNow();
                    }
                    Weft.yieldNow();
                    Weft.yieldNow();
                    Weft.yieldNow();
                });
        assertThat(log).containsExactly("A", "B", "C");
    }

    @Test
    void killedWaiterLeavesNothing() throws Exception {
        Weft.run(
                () -> {
                    lock.acquire();
                    var killed = Weft.spawn(() -> holdAndLog("killed"));
                    var next = Weft.spawn(() -> holdAndLog("next"));
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    lock.release();
                    next.get();
                });
        assertThat(log).containsExactly("next");
        assertThat(lock.statistics()).isEqualTo(new RLock.Statistics(0, 0));
    }

    @Test
    void releaseByAnotherIsRefused() throws Exception {
        assertThatThrownBy(lock::release)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("nobody holds");
        lock.acquire();
        try (var group = LoopGroup.create(1)) {
            Boolean refused =
                    group.next()
                            .call(
                                    () -> {
                                        assertThatThrownBy(lock::release)
                                                .isInstanceOf(IllegalMonitorStateException.class)
                                                .hasMessageContaining("only its owner");
                                        return true;
                                    });
            assertThat(refused).isTrue();
        }
        lock.release();
    }

    /** A counter that is not atomic counts right, whoever is interrupted meanwhile. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void onlyOneIsInside(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        var counter = new long[1];
        var expected = new AtomicLong();
        try (var crowd = new Crowd(random)) {
            for (int i = 0; i < 6; i++) {
                var own = random.split();
                crowd.join(
                        "worker " + i,
                        () -> {
                            for (int step = 0; step < 300; step++) {
                                try {
                                    count(own, own.nextInt(3), counter, expected);
                                } catch (InterruptedException e) {
                                    // not acquired, or while inside: the block has released it
                                }
                            }
                        });
            }
            crowd.harass(200, () -> false);
            crowd.awaitAll(lock);
        }
        assertThat(counter[0]).isEqualTo(expected.get());
        assertThat(lock.statistics()).isEqualTo(new RLock.Statistics(0, 0));
    }

    private void count(SplittableRandom random, int again, long[] counter, AtomicLong expected)
            throws InterruptedException {
        boolean acquired =
                switch (random.nextInt(3)) {
                    case 0 -> lock.acquire(Duration.ofNanos(random.nextInt(100_000)));
                    case 1 -> lock.tryAcquire();
                    default -> {
                        lock.acquire();
                        yield true;
                    }
                };
        if (!acquired) {
            return;
        }
        try {
            long before = counter[0];
            Weft.yieldNow();
            counter[0] = before + 1;
            expected.incrementAndGet();
            if (again > 0) {
                count(random, again - 1, counter, expected);
            }
        } finally {
            lock.release();
        }
    }

    private boolean holdAndLog(String name) throws InterruptedException {
        try (var _ = lock.hold()) {
            return log.add(name);
        }
    }
}
