package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1023, 1024, 1279, 1280, 2047, 2048, 1_000_000, 123_456_789_012L})
    void everyLatencyIsWithinItsBucket(long nanos) {
        int bucket = Buckets.of(nanos);

        assertThat(nanos).isBetween(Buckets.lowest(bucket), Buckets.lowest(bucket + 1) - 1);
    }

    @Test
    void eachBucketBeginsWhereTheOneBeforeEnds() {
        for (int i = 0; i < Buckets.COUNT; i++) {
            assertThat(Buckets.of(Buckets.lowest(i))).isEqualTo(i);
            assertThat(Buckets.of(Buckets.lowest(i + 1) - 1)).isEqualTo(i);
        }
    }

    @Test
    void theLongestLatencyHasABucket() {
        assertThat(Buckets.of(Tally.HIGHEST_NANOS)).isLessThan(Buckets.COUNT);
    }
}
