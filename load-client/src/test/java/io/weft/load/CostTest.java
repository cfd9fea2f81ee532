package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.load.Cost.Mark;

import org.junit.jupiter.api.Test;

class CostTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void isWhatWasUsedInBetween() {
        var cost =
                Cost.between(
                        new Mark(SECOND, 5 * SECOND, 100), new Mark(3 * SECOND, 6 * SECOND, 1100));

        assertThat(cost).isEqualTo(new Cost(0.5, 1000));
    }

    @Test
    void isUnknownWhereNothingWasUsedOrMeasured() {
        var mark = new Mark(SECOND, SECOND, 100);

        assertThat(Cost.between(mark, mark)).isNull();
        assertThat(Cost.between(null, mark)).isNull();
        assertThat(Cost.between(mark, null)).isNull();
    }
}
