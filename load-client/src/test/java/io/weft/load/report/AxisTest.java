package io.weft.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.Collectors;

class AxisTest {
    @ParameterizedTest
    @CsvSource({
        "0, '0, 1'",
        "1, '0, 1'",
        "7, '0, 2, 4, 6, 8'",
        "100, '0, 20, 40, 60, 80, 100'",
        "84000, '0, 20k, 40k, 60k, 80k, 100k'",
        "2300000, '0, 500, 1M, 1.5M, 2M, 2.5M'"
    })
    void countsHaveRoundTicks(double highest, String labels) {
        assertThat(labels(Axis.counts(highest))).isEqualTo(labels.replace("500,", "500k,"));
    }

    @ParameterizedTest
    @CsvSource({
        "5.9, '0 s, 2 s, 4 s'",
        "0.02, '0 s, 0.005 s, 0.01 s, 0.015 s, 0.02 s'",
        "600, '0 min, 3.333 min, 6.667 min, 10 min'"
    })
    void timeEndsWithTheRun(double end, String labels) {
        assertThat(labels(Axis.time(end))).isEqualTo(labels);
        assertThat(Axis.time(end).at(end)).isEqualTo(1);
    }

    @Test
    void latenciesStandByTheirLogarithm() {
        Axis axis = Axis.latency(100, 10_000);

        assertThat(labels(axis)).isEqualTo("100 µs, 200 µs, 500 µs, 1 ms, 2 ms, 5 ms, 10 ms");
        assertThat(axis.at(1_000)).isCloseTo(0.5, within(1e-9));
        assertThat(axis.at(0)).isZero();
        assertThat(axis.at(1e9)).isEqualTo(1);
    }

    @Test
    void aSingleLatencyStillHasAnAxis() {
        assertThat(labels(Axis.latency(300, 300))).isEqualTo("200 µs, 500 µs, 1 ms, 2 ms");
    }

    @Test
    void eachNineIsAsLongAsTheOneBefore() {
        Axis axis = Axis.percentiles(99.97);

        assertThat(labels(axis)).isEqualTo("0%, 90%, 99%, 99.9%, 99.99%");
        assertThat(axis.at(90)).isCloseTo(0.25, within(1e-9));
        assertThat(axis.at(99)).isCloseTo(0.5, within(1e-9));
        assertThat(axis.at(100)).isEqualTo(1);
    }

    private static String labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).collect(Collectors.joining(", "));
    }
}
