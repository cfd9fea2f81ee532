package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class DeadlineTest {
    @Test
    void ofNoTimeoutNeverComes() {
        assertThat(Deadline.in(null)).isEqualTo(Deadline.NEVER);
        assertThat(Deadline.isPast(Deadline.NEVER)).isFalse();
    }

    @Test
    void ofZeroHasCome() {
        assertThat(Deadline.isPast(Deadline.in(Duration.ZERO))).isTrue();
    }

    @Test
    void ofTheLongestTimeoutIsComparable() {
        long longest = Deadline.nanos(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(longest).isEqualTo(Deadline.nanos(Duration.ofDays(200 * 365)));
        assertThat(Duration.ofNanos(longest)).isGreaterThan(Duration.ofDays(146 * 365));
        assertThat(Deadline.isPast(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)))).isFalse();
    }

    @Test
    void livesByTheClockOfTheCallersLoop() throws Exception {
        var clock = new ManualClock();
        try (var group = clock.group(1)) {
            var second = Duration.ofSeconds(1);
            group.next()
                    .call(
                            () -> {
                                assertThat(Deadline.now()).isEqualTo(clock.nanoTime());
                                long deadline = Deadline.in(second);
                                assertThat(Deadline.isPast(deadline)).isFalse();
                                clock.advance(second);
                                assertThat(Deadline.isPast(deadline)).isTrue();
                                return null;
                            });
        }
    }

    @Test
    void negativeTimeoutIsRefused() {
        assertThatThrownBy(() -> Deadline.in(Duration.ofDays(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a time to wait cannot be negative, but was PT-24H");
    }
}
