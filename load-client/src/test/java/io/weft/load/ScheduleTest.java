package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ScheduleTest {
    private static final long SECOND = 1_000_000_000L;

    private final ManualClock clock = new ManualClock(5 * SECOND);

    @Test
    void withoutARateAMessageIsDueAtOnce() {
        var schedule = begun(Options.messages(2, 10));

        assertThat(schedule.due(1, 7, 123)).isEqualTo(123);
    }

    @Test
    void withARateConnectionsTakeTurns() {
        var schedule = begun(Options.paced(4, 10, 8));

        assertThat(schedule.due(0, 0, 0)).isEqualTo(5 * SECOND);
        assertThat(schedule.due(1, 0, 0)).isEqualTo(5 * SECOND + SECOND / 8);
        assertThat(schedule.due(3, 0, 0)).isEqualTo(5 * SECOND + 3 * SECOND / 8);
        assertThat(schedule.due(0, 1, 0)).isEqualTo(5 * SECOND + 4 * SECOND / 8);
        assertThat(schedule.due(0, 2, 0)).isEqualTo(6 * SECOND);
    }

    @Test
    void aLateMessageKeepsItsTime() {
        var schedule = begun(Options.paced(1, 10, 1));

        assertThat(schedule.due(0, 1, 100 * SECOND)).isEqualTo(6 * SECOND);
    }

    @Test
    void theEndIsTheDurationAfterTheBeginning() {
        var schedule = new Schedule(Options.lasting(1, Duration.ofSeconds(10), 0), clock);
        clock.advance(3 * SECOND); // while connecting
        schedule.begin();

        assertThat(schedule.isOver(18 * SECOND - 1)).isFalse();
        assertThat(schedule.isOver(18 * SECOND)).isTrue();
    }

    @Test
    void aNumberOfMessagesKnowsNoTime() {
        var schedule = begun(Options.messages(1, 2));

        assertThat(schedule.isOver(Long.MAX_VALUE)).isFalse();
        assertThat(schedule.wants(1)).isTrue();
        assertThat(schedule.wants(2)).isFalse();
    }

    @Test
    void oneThatIsStoppedWantsNothingMore() {
        var schedule = begun(Options.messages(1, 2));
        schedule.stop();

        assertThat(schedule.wants(0)).isFalse();
    }

    @Test
    void connectionsBeginAtTheirRate() throws InterruptedException {
        var schedule = new Schedule(Options.connecting(100, 10), clock);
        for (int i = 0; i < 3; i++) {
            schedule.awaitFirstTurn(i);
            schedule.endTurn();
        }

        assertThat(clock.sleeps())
                .containsExactly(5 * SECOND, 5 * SECOND + SECOND / 10, 5 * SECOND + SECOND / 5);
    }

    @Test
    void theMeasuredTimeEndsWithTheDurationOrALateReply() {
        var schedule = begun(Options.lasting(1, Duration.ofSeconds(10), 0));

        assertThat(schedule.measured(13 * SECOND, 14 * SECOND)).isEqualTo(10 * SECOND);
        assertThat(schedule.measured(13 * SECOND, 16 * SECOND)).isEqualTo(11 * SECOND);
    }

    @Test
    void theMeasuredTimeOfARunCutShortEndsWithIt() {
        var schedule = begun(Options.lasting(1, Duration.ofSeconds(10), 0));
        clock.advance(2 * SECOND);
        schedule.stop();

        assertThat(schedule.measured(6 * SECOND, 6 * SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void theMeasuredTimeOfANumberOfMessagesEndsWithTheLastReply() {
        var schedule = begun(Options.messages(1, 10));

        assertThat(schedule.measured(5 * SECOND, 6 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void theMeasuredTimeOfARateIsTheTimeThatItsMessagesAreDueIn() {
        var lasting = begun(Options.lasting(1, Duration.ofSeconds(10), 7));
        assertThat(lasting.measured(14 * SECOND, 17 * SECOND))
                .as("not until the last reply")
                .isEqualTo(10 * SECOND);
        assertThat(lasting.measured(15 * SECOND, 17 * SECOND))
                .as("but until the last was sent, and its time")
                .isEqualTo(10 * SECOND + SECOND / 7);

        var counting = begun(Options.paced(4, 9, 7));
        assertThat(counting.measured(10 * SECOND, 10 * SECOND))
                .as("36 messages at 7 a second, the time of the last one included")
                .isEqualTo(36 * SECOND / 7);
        assertThat(counting.measured(15 * SECOND, 15 * SECOND))
                .as("or longer, if the server is slow")
                .isEqualTo(10 * SECOND + SECOND / 7);

        var stopped = begun(Options.lasting(1, Duration.ofSeconds(10), 7));
        clock.advance(SECOND);
        stopped.stop();
        assertThat(stopped.measured(6 * SECOND, 6 * SECOND))
                .as("8 messages in 8/7 s")
                .isEqualTo(8 * SECOND / 7);
    }

    @Test
    void whatIsDueIsKnownByNumberAndByTime() {
        var schedule = begun(Options.paced(4, 100, 8));

        for (int index = 0; index < 4; index++) {
            for (int n = 0; n < 20; n++) {
                long due = schedule.due(index, n, 0);
                assertThat(schedule.dueBefore(index, due)).isEqualTo(n);
                assertThat(schedule.dueBefore(index, due + 1)).isEqualTo(n + 1);
            }
        }
        assertThat(schedule.dueBefore(3, 0)).isZero();
    }

    @Test
    void withoutAnyConnectionTheRunIsOver() {
        var schedule = begun(Options.lasting(2, Duration.ofSeconds(10), 0));
        schedule.arrive(false);
        assertThat(schedule.isStopped()).as("the other may still connect").isFalse();
        schedule.arrive(false);

        assertThat(schedule.isStopped()).isTrue();
        assertThat(schedule.isInterrupted()).isFalse();
    }

    @Test
    void whatTheFirstConnectionCannotTheOthersMay() {
        var schedule = begun(Options.lasting(2, Duration.ofSeconds(10), 0));
        schedule.arrive(true);
        schedule.arrive(false);

        assertThat(schedule.isStopped()).isFalse();
    }

    @Test
    void withARampConnectionsJoinEvenly() throws InterruptedException {
        var schedule = new Schedule(Options.ramping(4, Duration.ofSeconds(2)), clock);
        for (int i = 0; i < 4; i++) {
            schedule.awaitFirstTurn(i);
            schedule.endTurn();
        }

        assertThat(schedule.isRamp()).isTrue();
        assertThat(clock.sleeps())
                .containsExactly(
                        5 * SECOND, 5 * SECOND + SECOND / 2, 6 * SECOND, 6 * SECOND + SECOND / 2);
    }

    @Test
    void theDurationFollowsTheWarmUp() {
        var schedule = begun(Options.warming(Duration.ofSeconds(10), Duration.ofSeconds(3)));

        assertThat(schedule.countedFrom()).isEqualTo(8 * SECOND);
        assertThat(schedule.counts(8 * SECOND - 1)).isFalse();
        assertThat(schedule.counts(8 * SECOND)).isTrue();
        assertThat(schedule.isOver(18 * SECOND - 1)).isFalse();
        assertThat(schedule.isOver(18 * SECOND)).isTrue();
        assertThat(schedule.measured(17 * SECOND, 17 * SECOND)).isEqualTo(10 * SECOND);
    }

    @Test
    void aRunStoppedInItsWarmUpMeasuredNothing() {
        var schedule = begun(Options.warming(Duration.ofSeconds(10), Duration.ofSeconds(3)));

        clock.advance(SECOND);
        schedule.stop();

        assertThat(schedule.measured(schedule.countedFrom(), schedule.countedFrom())).isZero();
    }

    @Test
    void timeToThinkComesAfterEachReply() {
        var schedule = begun(Options.warming(3, Duration.ZERO, Duration.ofSeconds(2)));

        assertThat(schedule.due(0, 0, 7 * SECOND)).isEqualTo(7 * SECOND);
        assertThat(schedule.due(0, 1, 7 * SECOND)).isEqualTo(9 * SECOND);
    }

    private Schedule begun(LoadOptions options) {
        var schedule = new Schedule(options, clock);
        schedule.begin();
        return schedule;
    }
}
