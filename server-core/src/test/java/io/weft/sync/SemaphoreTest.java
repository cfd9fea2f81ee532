package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** So many permits, in the order of asking. */
class SemaphoreTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final Semaphore none = new Semaphore(0);
    private final List<String> log = new ArrayList<>();

    @Test
    void permitsAreTakenAndGivenBack() throws Exception {
        var two = new Semaphore(2);
        two.acquire();
        assertThat(two.acquire(LONG)).isTrue();
        assertThat(two.available()).isZero();
        assertThat(two.tryAcquire()).isFalse();
        assertThat(two.acquire(SHORT)).isFalse();
        assertThat(Weft.<Boolean>run(() -> two.acquire(SHORT))).isFalse();
        two.release();
        assertThat(two.tryAcquire()).isTrue();
        two.release();
        two.release();
        assertThat(two.statistics()).isEqualTo(new Semaphore.Statistics(2, 0));
    }

    @Test
    void blockWithinATimeBeginsWithAPermitOrNotAtAll() throws Exception {
        var one = new Semaphore(1);
        Weft.run(
                () -> {
                    try (var _ = one.hold(LONG)) {
                        assertThat(one.available()).isZero();
                        assertThatThrownBy(() -> holdAndLog(one))
                                .isInstanceOf(TimeoutException.class)
                                .hasMessage("no permit was free within " + SHORT);
                    }
                    assertThat(one.statistics()).isEqualTo(new Semaphore.Statistics(1, 0));
                    holdAndLog(one);
                    assertThat(one.statistics()).isEqualTo(new Semaphore.Statistics(1, 0));
                });
        assertThat(log).containsExactly("holds");
    }

    private void holdAndLog(Semaphore semaphore) throws Exception {
        try (var _ = semaphore.hold(SHORT)) {
            log.add("holds");
        }
    }

    @Test
    void blockThatDoesNotWaitIsToldWhetherItHolds() {
        var one = new Semaphore(1);
        try (var held = one.tryHold()) {
            assertThat(held).isNotNull();
            try (var none = one.tryHold()) {
                assertThat(none).isNull();
            }
            assertThat(one.available()).isZero();
        }
        assertThat(one.available()).isOne();
    }

    @Test
    void whoCameFirstIsFirst() throws Exception {
        Weft.run(
                () -> {
                    for (String name : List.of("A", "B", "C")) {
                        Weft.spawn(() -> acquire(none, name));
                    }
                    Weft.yieldNow();
                    assertThat(none.statistics()).isEqualTo(new Semaphore.Statistics(0, 3));
                    none.release();
                    none.release();
                    none.release();
                    Weft.yieldNow();
                });
        assertThat(log).containsExactly("A", "B", "C");
    }

    @Test
    void newcomerDoesNotOvertakeTheOneWoken() throws Exception {
        Weft.run(
                () -> {
                    var waiter = Weft.spawn(() -> acquire(none, "waiter"));
                    Weft.yieldNow();
                    none.release();
                    assertThat(none.tryAcquire()).isFalse();
                    assertThat(none.available()).isZero();
                    waiter.get();
                });
    }

    @Test
    void killedWaiterTakesNothing() throws Exception {
        Weft.run(
                () -> {
                    var killed = Weft.spawn(() -> acquire(none, "killed"));
                    var next = Weft.spawn(() -> acquire(none, "next"));
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    none.release();
                    next.get();
                    assertThat(none.statistics()).isEqualTo(new Semaphore.Statistics(0, 0));
                });
        assertThat(log).containsExactly("next");
    }

    @Test
    void permitOfOneThatIsServedAndKilledAtOnceIsReleasedByIt() throws Exception {
        Weft.run(
                () -> {
                    var served =
                            Weft.spawn(
                                    () -> {
                                        try (var _ = none.hold()) {
                                            log.add("holds");
                                            Weft.sleep(LONG); // here the kill is delivered
                                        }
                                    });
                    var next = Weft.spawn(() -> acquire(none, "next"));
                    Weft.yieldNow();
                    served.kill();
                    none.release();
                    next.get();
                    assertThat(served.state()).isEqualTo(Coroutine.State.KILLED);
                });
        assertThat(log).containsExactly("holds", "next");
    }

    @Test
    void timeoutLeavesNothingBehind() throws Exception {
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> none.acquire(LONG)))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThat(none.statistics().waiting()).isZero();
                    none.release();
                    assertThat(none.available()).isEqualTo(1);
                });
    }

    @Test
    void onlookersAreToldButTakeNothing() throws Exception {
        Weft.run(
                () -> {
                    var onlookers =
                            List.of(
                                    Weft.spawn(() -> none.awaitAvailable(LONG)),
                                    Weft.spawn(() -> none.awaitAvailable(LONG)));
                    var acquirer = Weft.spawn(() -> acquire(none, "acquirer"));
                    Weft.yieldNow();
                    none.release(); // for the acquirer, so that none is free
                    acquirer.get();
                    assertThat(onlookers).noneMatch(Coroutine::isDone);
                    none.release();
                    for (var onlooker : onlookers) {
                        assertThat(onlooker.get()).isTrue();
                    }
                    assertThat(none.available()).isEqualTo(1);
                    none.awaitAvailable();
                });
        assertThat(new Semaphore(0).awaitAvailable(SHORT)).isFalse();
    }

    @Test
    void plainSemaphoreMayGrow() {
        none.release();
        none.release();
        assertThat(none.available()).isEqualTo(2);
    }

    @Test
    void boundedOneRefusesAReleaseTooMany() throws Exception {
        var one = new BoundedSemaphore(1);
        one.acquire();
        one.release();
        assertThatThrownBy(one::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("once too often");
        assertThat(one.available()).isEqualTo(1);
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatThrownBy(() -> new Semaphore(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new BoundedSemaphore(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> none.acquire(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isUsedAcrossLoopsAndByTheHub() throws Exception {
        try (var group = LoopGroup.create(2)) {
            var waiter =
                    group.loops()
                            .get(0)
                            .spawn(
                                    () -> {
                                        none.acquire();
                                        return "acquired";
                                    });
            Threads.awaitParked(waiter);
            var hub = group.loops().get(1).eventLoop();
            hub.execute(none::release);
            assertThat(waiter.get()).isEqualTo("acquired");
            assertThatThrownBy(() -> hub.submit(() -> none.acquire(LONG)).get())
                    .cause()
                    .hasMessageContaining("would block the hub");
            assertThat(none.statistics().waiting()).isZero();
        }
    }

    private boolean acquire(Semaphore semaphore, String name) throws InterruptedException {
        semaphore.acquire();
        return log.add(name);
    }
}
