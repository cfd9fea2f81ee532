package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Timeout.Expired;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** A limit ends the blocking call in which its block stands, and nothing but its own block. */
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource
    void endsEveryBlockingCallWithItsOwnException(Block block) throws Exception {
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> Timeout.call(SHORT, block::call))
                            .isInstanceOf(Expired.class)
                            .hasMessage("timed out after PT0.005S");
                    assertNoInterruptIsLeft();
                });
    }

    @ParameterizedTest
    @EnumSource
    void endsEveryBlockingCallInATryBlock(Block block) throws Exception {
        Weft.run(
                () -> {
                    var timeout = Timeout.start(SHORT);
                    Throwable thrown;
                    try (timeout) {
                        thrown = catchThrowable(block::call);
                    }
                    assertThat(timeout.isExpired()).isTrue();
                    assertThat(timeout.owns((Exception) thrown)).as("%s", thrown).isTrue();
                    assertNoInterruptIsLeft();
                });
    }

    @ParameterizedTest
    @EnumSource
    void fallsBack(Block block) throws Exception {
        Weft.run(
                () -> {
                    String value =
                            Timeout.callOr(
                                    SHORT,
                                    "fallback",
                                    () -> {
                                        block.run();
                                        return "value";
                                    });
                    assertThat(value).isEqualTo("fallback");
                    assertNoInterruptIsLeft();
                });
    }

    /** synchronized cannot be interrupted: the limit strikes at the next call that can. */
    @Test
    void waitsForAMonitorButNotForTheCallAfterIt() throws Exception {
        var monitor = new Object();
        var held = new CompletableFuture<Void>();
        Weft.run(
                () -> {
                    var holder = Weft.spawn(() -> sleepHolding(monitor, held));
                    held.get();
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    SHORT,
                                                    () -> {
                                                        synchronized (monitor) {
                                                            Weft.sleep(LONG);
                                                        }
                                                        return null;
                                                    }))
                            .isInstanceOf(Expired.class);
                    holder.join();
                    assertNoInterruptIsLeft();
                });
    }

    private static void sleepHolding(Object monitor, CompletableFuture<Void> held)
            throws InterruptedException {
        synchronized (monitor) {
            held.complete(null);
            Weft.sleep(Duration.ofMillis(20));
        }
    }

    @Test
    void givesTheValueWithinTheLimit() throws Exception {
        Weft.run(
                () -> {
                    assertThat(Timeout.call(LONG, () -> "value")).isEqualTo("value");
                    assertThat(Timeout.callOr(LONG, "fallback", () -> "value")).isEqualTo("value");
                    assertThat(Timeout.<String>call(LONG, () -> null)).isNull();
                });
    }

    @Test
    void letsOtherExceptionsPass() throws Exception {
        Weft.run(
                () -> {
                    var broken = new IOException("broken");
                    assertThatThrownBy(() -> Timeout.call(LONG, () -> fail(broken)))
                            .isSameAs(broken);
                    assertThatThrownBy(() -> Timeout.callOr(LONG, "fallback", () -> fail(broken)))
                            .isSameAs(broken);
                });
    }

    @Test
    void takesTheCallersException() throws Exception {
        Weft.run(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        SHORT,
                                                        Block.SLEEP::call,
                                                        expired ->
                                                                new IOException("late", expired)))
                                .isInstanceOf(IOException.class)
                                .hasMessage("late")
                                .hasCauseInstanceOf(Expired.class));
    }

    @Test
    void isCancelledAtTheEndOfItsBlock() throws Exception {
        Weft.run(
                () -> {
                    Loop loop = Loop.current();
                    try (var _ = Timeout.start(LONG)) {
                        assertThat(loop.timerCount()).isEqualTo(1);
                    }
                    assertThat(loop.timerCount()).isZero();
                    Timeout.call(LONG, () -> "value");
                    assertThat(loop.timerCount()).isZero();
                    var _ =
                            catchThrowable(
                                    () ->
                                            Timeout.call(
                                                    LONG, () -> fail(new IOException("broken"))));
                    assertThat(loop.timerCount()).isZero();
                    var _ =
                            catchThrowable(
                                    () -> Timeout.callOr(LONG, "fallback", () -> failHard()));
                    assertThat(loop.timerCount()).isZero();
                });
    }

    @Test
    void isCancelledAtTheEndOfItsCoroutine() throws Exception {
        Weft.run(
                () -> {
                    Weft.spawn(() -> Timeout.start(LONG)).join();
                    Weft.yieldNow();
                    assertThat(Loop.current().timerCount()).isZero();
                });
    }

    @Test
    void ofZeroStrikesAtTheFirstBlockingCall() throws Exception {
        Weft.run(
                () -> {
                    assertThat(Timeout.call(Duration.ZERO, () -> "no call blocks"))
                            .isEqualTo("no call blocks");
                    assertThatThrownBy(() -> Timeout.call(Duration.ZERO, Block.SLEEP::call))
                            .isInstanceOf(Expired.class);
                    assertThatThrownBy(
                                    () -> Timeout.call(Duration.ZERO, Block.BLOCKING_QUEUE::call))
                            .isInstanceOf(Expired.class);
                });
    }

    @Test
    void ofNullNeverStrikes() throws Exception {
        Weft.run(
                () -> {
                    try (var timeout = Timeout.start(null)) {
                        assertThat(Loop.current().timerCount()).isZero();
                        assertThat(timeout.duration()).isNull();
                    }
                    assertThat(Timeout.<String>call(null, () -> "value")).isEqualTo("value");
                });
    }

    @Test
    void longerThanTheClockCanCountNeverStrikes() throws Exception {
        Weft.run(
                () -> {
                    var forEver = Duration.ofSeconds(Long.MAX_VALUE);
                    String value =
                            Timeout.call(
                                    forEver,
                                    () -> {
                                        Weft.sleep(SHORT);
                                        return "value";
                                    });
                    assertThat(value).isEqualTo("value");
                });
    }

    @Test
    void refusesANegativeLimit() throws Exception {
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> Timeout.start(Duration.ofNanos(-1)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("negative")
                            .hasMessageContaining("PT-0.000000001S");
                    assertThat(Loop.current().timerCount()).isZero();
                });
    }

    @Test
    void isClosedInnermostFirst() throws Exception {
        Weft.run(
                () -> {
                    var outer = Timeout.start(LONG);
                    var inner = Timeout.start(LONG);
                    assertThatThrownBy(outer::close)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("innermost first");
                    inner.close();
                    inner.close();
                    outer.close();
                    assertThat(Loop.current().timerCount()).isZero();
                });
    }

    @Test
    void isNotTheTimeLimitOfAJoin() throws Exception {
        Weft.run(
                () -> {
                    var sleeper = Weft.spawn(() -> Weft.sleep(LONG));
                    assertThatThrownBy(() -> Timeout.call(LONG, () -> sleeper.get(SHORT)))
                            .isInstanceOf(TimeoutException.class);
                });
    }

    static void assertNoInterruptIsLeft() throws Exception {
        assertNoInterruptIsLeftIn(0);
    }

    /** As {@link #assertNoInterruptIsLeft()}, within so many limits that go on. */
    static void assertNoInterruptIsLeftIn(int limits) throws Exception {
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Weft.yieldNow();
        Weft.sleep(Duration.ofMillis(1));
        Thread.sleep(1);
        assertThat(Loop.current().timerCount()).isEqualTo(limits);
    }

    private static String fail(Exception e) throws Exception {
        throw e;
    }

    private static String failHard() {
        throw new AssertionError("broken");
    }
}
