package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.weft.load.Errors.Cause;

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
        one.ended(10, 0, SECOND);
        one.failed(ErrorKind.CONNECT, "refused");
        one.answered(200, 1);
        var other = new Tally(0);
        other.connected();
        other.connected();
        other.replied(MILLI);
        other.replied(MILLI);
        other.ended(20, 0, SECOND);
        other.mismatch(ErrorKind.STATUS, "differs");
        other.failed(ErrorKind.CONNECT, "refused");
        other.failed(ErrorKind.BROKEN, "reset");
        other.answered(200, 1);
        other.answered(503, 1);
        other.warmedUp(MILLI);
        other.skipped(4);

        var figures = Figures.of(5, List.of(one, other), 2 * SECOND);

        assertThat(figures.asked()).isEqualTo(5);
        assertThat(figures.made()).isEqualTo(3);
        assertThat(figures.errors())
                .containsExactly(
                        entry(new Cause(ErrorKind.CONNECT, "refused"), 2L),
                        entry(new Cause(ErrorKind.BROKEN, "reset"), 1L),
                        entry(new Cause(ErrorKind.STATUS, ""), 1L));
        assertThat(figures.failed()).isEqualTo(3);
        assertThat(figures.messages()).isEqualTo(3);
        assertThat(figures.statuses()).containsExactly(entry(200, 2L), entry(503, 1L));
        assertThat(figures.warmUp()).isEqualTo(new Figures.WarmUp(1, 4));
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
        tally.ended(0, -60, -50);
        tally.ended(0, -40, -70);

        assertThat(tally.lastReply()).isEqualTo(-50);
        assertThat(tally.lastSent()).isEqualTo(-40);
    }

    @Test
    void everythingThatWasDueHasItsPlaceAmongTheLatencies() {
        var tally = new Tally(0);
        tally.replied(MILLI);
        tally.unanswered(2 * MILLI);
        tally.notSent(3 * MILLI, 2);

        var figures = Figures.of(1, List.of(tally), SECOND);

        assertThat(figures.messages()).isEqualTo(1);
        assertThat(figures.unanswered()).isEqualTo(1);
        assertThat(figures.notSent()).isEqualTo(2);
        assertThat(figures.due()).isEqualTo(4);
        assertThat(figures.perSecond()).as("of replies").isEqualTo(1);
        assertNear(figures.latency().p50(), 2);
        assertNear(figures.latency().max(), 3);
        assertThat(tally.replies()).isEqualTo(1);
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
