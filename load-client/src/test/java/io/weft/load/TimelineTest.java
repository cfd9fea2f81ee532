package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class TimelineTest {
    private static final long START = 1_000;
    private static final long WIDTH = 100;

    private final Tally tally = new Tally(0);
    private final Timeline timeline = new Timeline(START, WIDTH);

    @Test
    void aPieceHoldsWhatCameSinceTheLast() {
        tally.connected();
        tally.replied(5_000);
        take(WIDTH);
        tally.replied(5_000);
        tally.replied(9_000);
        tally.failed(ErrorKind.BROKEN, "reset");

        var samples = timeline.end(START + 250, List.of(tally));

        assertThat(samples).hasSize(2);
        assertThat(samples.get(0).made()).isEqualTo(1);
        assertThat(samples.get(0).messages()).isEqualTo(1);
        assertThat(samples.get(1).from()).isEqualTo(100);
        assertThat(samples.get(1).to()).isEqualTo(250);
        assertThat(samples.get(1).made()).isZero();
        assertThat(samples.get(1).failed()).isEqualTo(1);
        assertThat(samples.get(1).messages()).isEqualTo(2);
        assertThat(samples.get(1).latencies().get(Buckets.of(9_000))).isEqualTo(1);
    }

    @Test
    void nothingIsTakenBeforeItsTime() {
        take(WIDTH - 1);

        assertThat(timeline.end(START + WIDTH, List.of(tally))).hasSize(1);
    }

    @Test
    void aLongRunHasFewPiecesAndLosesNothing() {
        for (int i = 1; i <= 5_000; i++) {
            tally.replied(i);
            take(i * WIDTH);
        }

        var samples = timeline.end(START + 5_000 * WIDTH, List.of(tally));

        assertThat(samples).hasSizeBetween(Timeline.MOST / 2, Timeline.MOST);
        assertThat(samples.stream().mapToLong(Sample::messages).sum()).isEqualTo(5_000);
        for (int i = 1; i < samples.size(); i++) {
            assertThat(samples.get(i).from()).isEqualTo(samples.get(i - 1).to());
        }
    }

    @Test
    void aRunThatTookNoTimeHasNoPieces() {
        assertThat(timeline.end(START, List.of(tally))).isEmpty();
    }

    @Test
    void repliesOfTheWarmUpAreSeen() {
        tally.warmedUp(5_000);

        assertThat(timeline.end(START + 1, List.of(tally)).getFirst().messages()).isEqualTo(1);
        assertThat(tally.latencies().getTotalCount()).isZero();
    }

    private void take(long after) {
        timeline.take(START + after, List.of(tally));
    }
}
