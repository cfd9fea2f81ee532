package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void eventsAreEvenlySpread() {
        var pace = new Pace(1_000, 4);

        assertThat(pace.due(0)).isEqualTo(1_000);
        assertThat(pace.due(1)).isEqualTo(1_000 + SECOND / 4);
        assertThat(pace.due(4)).isEqualTo(1_000 + SECOND);
    }

    @Test
    void aRateThatDividesNoSecondDoesNotDrift() {
        var pace = new Pace(0, 3);

        assertThat(pace.due(1)).isEqualTo(333_333_333);
        assertThat(pace.due(3_000_000)).isEqualTo(1_000_000 * SECOND);
    }

    @Test
    void theEventsBeforeATimeAreThoseThatWereDue() {
        for (long rate : new long[] {1, 3, 7, 20_000, 999_999_999, Pace.FASTEST}) {
            var pace = new Pace(-5, rate);
            for (long n : new long[] {0, 1, 2, 3, 1_000_003, 9_999_999_999L}) {
                if (n / rate > 1_000_000_000L) {
                    continue; // a clock of nanoseconds does not go so far
                }
                long due = pace.due(n);
                assertThat(pace.due(pace.countBefore(due))).as(rate + ", " + n).isEqualTo(due);
                assertThat(pace.countBefore(due + 1)).isGreaterThan(n);
            }
            assertThat(pace.countBefore(-5)).isZero();
            assertThat(pace.countBefore(Long.MIN_VALUE / 2)).isZero();
        }
    }

    @Test
    void manyEventsDoNotOverflow() {
        long events = 100_000_000_000L;

        assertThat(new Pace(0, 1_000_000).due(events + 1)).isEqualTo(100_000 * SECOND + 1_000);
    }
}
