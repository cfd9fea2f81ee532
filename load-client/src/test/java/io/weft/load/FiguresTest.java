package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class FiguresTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    @Test
    void talliesAreAddedUp() {
        var one = new Tally(0);
        one.connected();
        one.replied(MILLI);
        one.ended(10, SECOND);
        one.failed("refused");
        var other = new Tally(0);
        other.connected();
        other.connected();
        other.replied(MILLI);
        other.replied(MILLI);
        other.ended(20, SECOND);
        other.mismatch("differs");
        other.failed("refused");
        other.failed("reset");

        var figures = Figures.of(5, List.of(one, other), 2 * SECOND);

        assertThat(figures.asked()).isEqualTo(5);
        assertThat(figures.made()).isEqualTo(3);
        assertThat(figures.failures()).containsExactly(entry("refused", 2L), entry("reset", 1L));
        assertThat(figures.failed()).isEqualTo(3);
        assertThat(figures.messages()).isEqualTo(3);
        assertThat(figures.perSecond()).isEqualTo(1.5);
        assertThat(figures.bytes()).isEqualTo(30);
        assertThat(figures.mismatches()).isEqualTo(1);
        assertThat(figures.firstMismatch()).isEqualTo("differs");
    }

    @Test
    void percentilesAreThoseOfAllTallies() {
        var fast = new Tally(0);
        var slow = new Tally(0);
        for (int i = 1; i <= 500; i++) {
            fast.replied(i * MILLI);
            slow.replied((i + 500) * MILLI);
        }

        var latency = Figures.of(2, List.of(fast, slow), SECOND).latency();

        assertNear(latency.p50(), 500);
        assertNear(latency.p90(), 900);
        assertNear(latency.p99(), 990);
        assertNear(latency.p999(), 999);
        assertNear(latency.max(), 1000);
    }

    @Test
    void aWaitLongerThanTheScaleCountsAsItsEnd() {
        var tally = new Tally(0);
        tally.replied(Long.MAX_VALUE);

        assertNear(Figures.of(1, List.of(tally), SECOND).latency().max(), 3_600_000);
    }

    @Test
    void theLastReplyIsTheLatestOnAClockBelowZeroToo() {
        var tally = new Tally(-100);
        tally.ended(0, -50);
        tally.ended(0, -70);

        assertThat(tally.lastReply()).isEqualTo(-50);
    }

    @Test
    void onlyARunWithoutFailureAndMismatchIsGood() {
        var failed = new Tally(0);
        failed.failed("reset");
        var mismatched = new Tally(0);
        mismatched.mismatch("differs");

        assertThat(Figures.of(1, List.of(new Tally(0)), SECOND).isGood()).isTrue();
        assertThat(Figures.of(1, List.of(failed), SECOND).isGood()).isFalse();
        assertThat(Figures.of(1, List.of(mismatched), SECOND).isGood()).isFalse();
    }

    @Test
    void aRunThatTookNoTimeHasNoRate() {
        assertThat(Figures.of(1, List.of(new Tally(0)), 0).perSecond()).isZero();
    }

    private static void assertNear(long nanos, double millis) {
        assertThat(nanos / (double) MILLI)
                .isCloseTo(millis, within(millis / 1000.0)); // three digits
    }
}
