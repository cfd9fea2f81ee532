package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weft.Timeout.Expired;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Each start has its whole time, and all of them one timer. */
class RecurringTimeoutTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void everyStartHasItsWholeTime() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        for (int i = 0; i < 3; i++) {
                            try (var timeout = limit.start()) {
                                Weft.sleep(Duration.ofSeconds(9));
                                assertThat(timeout.isExpired()).isFalse();
                            }
                        }
                        long began = Deadline.now();
                        Timeout last = limit.start();
                        var thrown =
                                catchThrowableOfType(
                                        Expired.class, () -> Weft.sleep(Duration.ofDays(1)));
                        assertThat(thrown.timeout()).isSameAs(last);
                        assertThat(VirtualTime.seconds(began)).isEqualTo(10);
                        last.close();
                    }
                });
    }

    @Test
    void startsAgainAfterItHasExpired() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        for (int i = 0; i < 3; i++) {
                            try (var timeout = limit.start()) {
                                assertThatThrownBy(() -> Weft.sleep(Duration.ofDays(1)))
                                        .isInstanceOf(Expired.class);
                                assertThat(timeout.isExpired()).isTrue();
                            }
                        }
                        assertThat(Thread.interrupted()).isFalse();
                    }
                });
    }

    @Test
    void whatHasEndedInTimeIsNotInterruptedLater() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        limit.start().close();
                        Weft.sleep(Duration.ofDays(1));
                        assertThat(Loop.current().timerCount()).isZero(); // fired for nobody
                        try (var timeout = limit.start()) {
                            Weft.sleep(Duration.ofSeconds(9));
                            assertThat(timeout.isExpired()).isFalse();
                        }
                    }
                });
    }

    @Test
    void workDoneAtOnceNeedsNoTimer() throws Exception {
        Weft.run(
                () -> {
                    Loop loop = Loop.current();
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        for (int i = 0; i < 100; i++) {
                            limit.start().close();
                        }
                        Weft.yieldNow();
                        assertThat(loop.timerCount()).isZero();
                    }
                });
    }

    @Test
    void allStartsShareATimerAndCloseLeavesNone() throws Exception {
        Weft.run(
                () -> {
                    Loop loop = Loop.current();
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        for (int i = 0; i < 3; i++) {
                            try (var _ = limit.start()) {
                                Weft.sleep(Duration.ofMillis(1));
                                assertThat(loop.timerCount()).isEqualTo(1);
                            }
                        }
                    }
                    assertThat(loop.timerCount()).isZero();
                });
    }

    /** A limit that was closed before its time began must not begin the next one's. */
    @Test
    void closedBeforeItsTimeBeganItLeavesNothing() throws Exception {
        Weft.run(
                () -> {
                    Loop loop = Loop.current();
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        limit.start();
                    }
                    Weft.yieldNow();
                    assertThat(loop.timerCount()).isZero();
                });
    }

    @Test
    void outerLimitReachesThroughIt() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var limit = new RecurringTimeout(LIMIT)) {
                        var outer = Timeout.start(Duration.ofSeconds(5));
                        try (outer;
                                var _ = limit.start()) {
                            var thrown =
                                    catchThrowableOfType(
                                            Expired.class, () -> Weft.sleep(Duration.ofDays(1)));
                            assertThat(thrown.timeout()).isSameAs(outer);
                        }
                    }
                });
    }

    @Test
    void oneThatRunsCannotBeStarted() throws Exception {
        Weft.run(
                () -> {
                    try (var limit = new RecurringTimeout(LIMIT);
                            var _ = limit.start()) {
                        assertThatThrownBy(limit::start)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("runs already");
                    }
                });
    }

    @Test
    void isForCoroutinesAndNeverNegative() throws Exception {
        assertThatThrownBy(() -> new RecurringTimeout(LIMIT))
                .isInstanceOf(IllegalStateException.class);
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> new RecurringTimeout(LIMIT.negated()))
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }
}
