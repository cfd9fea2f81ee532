package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A strike is thrown once, however many come at the same time; and none hides another. */
class HeardOnceTest {
    private static final Duration LONG = Duration.ofDays(1);

    @Test
    void killAndLimitThatTheJdkHasThrownAtOnceLeaveFinallyAlone() throws Exception {
        var cleaned = new CompletableFuture<Boolean>();
        Weft.run(
                () -> {
                    var coroutine =
                            Weft.spawn(
                                    () -> {
                                        try (var limit = Timeout.start(Duration.ZERO)) {
                                            Coroutine.current().kill();
                                            awaitExpiry(limit);
                                            new CountDownLatch(1).await();
                                        } finally {
                                            Weft.sleep(Duration.ofMillis(1));
                                            cleaned.complete(true);
                                        }
                                    });
                    coroutine.join();
                    assertThat(coroutine.state()).isEqualTo(Coroutine.State.KILLED);
                });
        assertThat(cleaned).isCompletedWithValue(true);
    }

    @Test
    void killThatWasHeardLeavesFinallyAloneWhenALimitEndsUnheard() throws Exception {
        var cleaned = new CompletableFuture<Boolean>();
        Weft.run(
                () -> {
                    var coroutine =
                            Weft.spawn(
                                    () -> {
                                        try (var limit = Timeout.start(Duration.ZERO)) {
                                            Coroutine.current().kill();
                                            awaitExpiry(limit);
                                            Weft.sleep(LONG);
                                        } finally {
                                            Thread.sleep(1);
                                            cleaned.complete(true);
                                        }
                                    });
                    coroutine.join();
                    assertThat(coroutine.state()).isEqualTo(Coroutine.State.KILLED);
                });
        assertThat(cleaned).isCompletedWithValue(true);
    }

    @Test
    void outerLimitThatWasHeardIsNotThrownIntoALaterBlock() throws Exception {
        Weft.run(
                () -> {
                    try (var outer = Timeout.start(Duration.ZERO)) {
                        var thrown =
                                catchThrowable(
                                        () -> {
                                            try (var inner = Timeout.start(Duration.ZERO)) {
                                                awaitExpiry(outer);
                                                awaitExpiry(inner);
                                                Weft.sleep(LONG);
                                            }
                                        });
                        assertThat(((Timeout.Expired) thrown).timeout()).isSameAs(outer);
                        assertThat(
                                        Timeout.callOr(
                                                LONG,
                                                "late",
                                                () -> {
                                                    Thread.sleep(1);
                                                    return "value";
                                                }))
                                .isEqualTo("value");
                    }
                });
    }

    @Test
    void killThatWasSetAgainIsNotLostInALimitThatBeginsAfterIt() throws Exception {
        Weft.run(
                () -> {
                    var coroutine =
                            Weft.spawn(
                                    () -> {
                                        Coroutine.current().kill();
                                        try {
                                            Weft.sleep(LONG);
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                        Timeout.callOr(
                                                Duration.ZERO,
                                                "late",
                                                () -> {
                                                    awaitExpiry(Coroutine.current().timeouts);
                                                    return Block.SLEEP.call();
                                                });
                                        return "value";
                                    });
                    coroutine.join();
                    assertThat(coroutine.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(coroutine.exception()).hasMessageEndingWith("was killed");
                });
    }

    @Test
    void limitThatTheJdkHasThrownIsNotThrownAgainWhenAKillIsTakenBack() throws Exception {
        Weft.run(
                () -> {
                    try (var limit = Timeout.start(Duration.ZERO)) {
                        Coroutine.current().kill();
                        awaitExpiry(limit);
                        assertThat(catchThrowable(() -> Thread.sleep(LONG)))
                                .isInstanceOf(InterruptedException.class);
                        Coroutine.current().takeBackKill();
                        Weft.yieldNow();
                        Thread.sleep(1);
                    }
                });
    }

    @Test
    void strikesThatARawOneHasNotHeardAreForgottenWhenItEnds() throws Exception {
        Weft.run(
                () -> {
                    var self = new CompletableFuture<Coroutine<?>>();
                    Weft.spawnRaw(
                            () -> {
                                var _ = Timeout.start(LONG); // never closed
                                Coroutine.current().kill();
                                self.complete(Coroutine.current());
                            });
                    self.get().join();
                    Weft.yieldNow();
                    assertThat(Loop.current().unheard).isZero();
                    assertThat(Loop.current().timerCount()).isZero();
                });
    }

    /** Lets the hub run without a call that an interrupt could end. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitExpiry(Timeout timeout) {
        while (!timeout.isExpired()) {
            Thread.yield();
        }
    }
}
