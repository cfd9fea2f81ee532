package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Timeout.Expired;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Where limits nest, or meet those of others, identity decides whose one is. */
class NestedTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource
    void innerEndsItsOwnBlockOnly(Block block) throws Exception {
        Weft.run(
                () -> {
                    String value =
                            Timeout.call(
                                    LONG,
                                    () -> {
                                        String inner =
                                                Timeout.callOr(SHORT, "inner", () -> use(block));
                                        TimeoutTest.assertNoInterruptIsLeftIn(1);
                                        return inner + " then outer";
                                    });
                    assertThat(value).isEqualTo("inner then outer");
                    TimeoutTest.assertNoInterruptIsLeft();
                });
    }

    @ParameterizedTest
    @EnumSource
    void outerEndsTheInnerBlockToo(Block block) throws Exception {
        Weft.run(
                () -> {
                    String value =
                            Timeout.callOr(
                                    SHORT,
                                    "outer",
                                    () -> Timeout.callOr(LONG, "inner", () -> use(block)));
                    assertThat(value).isEqualTo("outer");
                    TimeoutTest.assertNoInterruptIsLeft();
                });
    }

    @ParameterizedTest
    @EnumSource
    void outerWinsWhereBothHaveExpired(Block block) throws Exception {
        Weft.run(
                () -> {
                    String value =
                            Timeout.callOr(
                                    Duration.ZERO,
                                    "outer",
                                    () -> Timeout.callOr(Duration.ZERO, "inner", () -> use(block)));
                    assertThat(value).isEqualTo("outer");
                    TimeoutTest.assertNoInterruptIsLeft();
                });
    }

    @Test
    void expiredSaysWhoseItIs() throws Exception {
        Weft.run(
                () -> {
                    try (var outer = Timeout.start(SHORT);
                            var inner = Timeout.start(LONG)) {
                        var expired = (Expired) catchThrowable(Block.SLEEP::call);
                        assertThat(expired.timeout()).isSameAs(outer).isNotSameAs(inner);
                        assertThat(outer.isExpired()).isTrue();
                        assertThat(inner.isExpired()).isFalse();
                    }
                });
    }

    @Test
    void bothAreDeliveredOneAfterTheOther() throws Exception {
        Weft.run(
                () -> {
                    try (var outer = Timeout.start(Duration.ZERO);
                            var inner = Timeout.start(Duration.ZERO)) {
                        var first = (Expired) catchThrowable(Block.SLEEP::call);
                        var second = (Expired) catchThrowable(Block.SLEEP::call);
                        assertThat(first.timeout()).isSameAs(outer);
                        assertThat(second.timeout()).isSameAs(inner);
                        TimeoutTest.assertNoInterruptIsLeftIn(0);
                    }
                });
    }

    @Test
    void innerThatExpiredIsForgottenWhenItsBlockEnds() throws Exception {
        Weft.run(
                () -> {
                    try (var outer = Timeout.start(LONG)) {
                        try (var inner = Timeout.start(Duration.ZERO)) {
                            awaitExpiry(inner);
                        }
                        TimeoutTest.assertNoInterruptIsLeftIn(1);
                        assertThat(outer.isExpired()).isFalse();
                    }
                });
    }

    @Test
    void outerThatExpiredOutlivesTheEndOfTheInnerBlock() throws Exception {
        Weft.run(
                () -> {
                    try (var outer = Timeout.start(Duration.ZERO)) {
                        try (var inner = Timeout.start(Duration.ZERO)) {
                            awaitExpiry(inner);
                            awaitExpiry(outer);
                        }
                        var expired = (Expired) catchThrowable(Block.SLEEP::call);
                        assertThat(expired.timeout()).isSameAs(outer);
                    }
                    TimeoutTest.assertNoInterruptIsLeft();
                });
    }

    @Test
    void ofAnotherCoroutineIsNotTakenForOnesOwn() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        var child = Weft.spawn(() -> Timeout.call(SHORT, Block.SLEEP::call));
                        assertThatThrownBy(() -> Timeout.call(LONG, () -> child.get()))
                                .isInstanceOf(ExecutionException.class)
                                .hasCauseInstanceOf(Expired.class);
                    });
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    /**
     * Whatever a block ends with after its limit, as a library may have made it of the interrupt.
     */
    @Test
    void failureOfAnotherCoroutineAfterTheLimitIsTheLimits() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        var child = Weft.spawn(() -> Timeout.call(SHORT, Block.SLEEP::call));
                        child.join();
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ZERO,
                                                        () -> {
                                                            awaitAnyInterrupt();
                                                            return child.get();
                                                        }))
                                .isInstanceOf(Timeout.Expired.class)
                                .hasCauseInstanceOf(ExecutionException.class);
                        TimeoutTest.assertNoInterruptIsLeft();
                    });
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    private static String use(Block block) throws Exception {
        block.run();
        return "value";
    }

    /** Lets the hub run without a call that an interrupt could end. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitExpiry(Timeout timeout) {
        while (!timeout.isExpired()) {
            Thread.yield();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitAnyInterrupt() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.yield();
        }
    }
}
