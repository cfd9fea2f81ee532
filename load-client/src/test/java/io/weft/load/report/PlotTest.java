package io.weft.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What stands beside the axes. */
class PlotTest {
    private static String drawn(double percentile) {
        return new Plot("latency", Axis.percentiles(percentile), Axis.counts(10)).svg();
    }

    @Test
    void longLabelBeforeTheLastGivesItRoom() {
        assertThat(drawn(99.9999)).contains(">99.99%<", ">99.9999%<").doesNotContain(">99.999%<");
    }

    @Test
    void shortLabelsAllHaveRoom() {
        assertThat(drawn(99.99)).contains(">90%<", ">99%<", ">99.9%<", ">99.99%<");
    }
}
