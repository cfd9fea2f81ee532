package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;

class ReportTest {
    private static final Figures GOOD =
            new Figures(
                    2,
                    2,
                    Map.of(),
                    1000,
                    8000,
                    500_000_000,
                    0,
                    null,
                    new Figures.Latency(1_234_567, 2_000_000, 3_000_000, 4_000_000, 50_000_000));

    private static final Figures BAD =
            new Figures(
                    2,
                    1,
                    new TreeMap<>(
                            Map.of("cannot connect: refused", 1L, "broke off: \"reset\"\n", 1L)),
                    0,
                    0,
                    0,
                    3,
                    "connection 1, message 2: sent \"a\\b\", got \"a\"",
                    new Figures.Latency(0, 0, 0, 0, 0));

    @Test
    void saysAllFiguresALineEach() {
        assertThat(Report.text(Options.messages(2, 500), GOOD).lines())
                .containsExactly(
                        "target       127.0.0.1:8888, threads, \"hello N\"",
                        "connections  2 made, 0 failed",
                        "messages     1000 in 0.500 s, 2000.0 per second",
                        "bytes        8000 each way, 0.016 MB per second",
                        "latency      p50 1.235, p90 2.000, p99 3.000, p99.9 4.000, max 50.000 ms",
                        "mismatches   0");
    }

    @Test
    void saysWhatTheRateAndTheLatencyMeanWithOneAskedFor() {
        assertThat(Report.text(Options.paced(2, 500, 3000), GOOD).lines())
                .contains(
                        "messages     1000 in 0.500 s, 2000.0 per second of 3000 asked for",
                        "latency      p50 1.235, p90 2.000, p99 3.000, p99.9 4.000, max 50.000 ms"
                                + " from when each was due");
    }

    @Test
    void saysWhyConnectionsFailedAndWhatDiffered() {
        assertThat(Report.text(Options.messages(2, 500), BAD).lines())
                .contains(
                        "connections  1 made, 2 failed",
                        "             1: cannot connect: refused",
                        "latency      no replies",
                        "mismatches   3",
                        "             connection 1, message 2: sent \"a\\b\", got \"a\"");
    }

    @Test
    void jsonHasTheSameFigures() {
        assertThat(JsonReport.text(Options.paced(2, 500, 3000), GOOD))
                .isEqualTo(
                        """
                        {
                          "target": "127.0.0.1:8888",
                          "mode": "threads",
                          "size": null,
                          "rate": 3000,
                          "connections": {"asked": 2, "made": 2, "failed": 0},
                          "failures": [],
                          "seconds": 0.500,
                          "messages": 1000,
                          "messages_per_second": 2000.0,
                          "bytes": 8000,
                          "megabytes_per_second": 0.016,
                          "latency_ms": {"p50": 1.235, "p90": 2.000, "p99": 3.000, "p99.9": 4.000, "max": 50.000},
                          "mismatches": 0,
                          "first_mismatch": null
                        }
                        """);
    }

    @Test
    void jsonEscapesWhatOthersSaid() {
        assertThat(JsonReport.text(Options.messages(2, 500), BAD).lines())
                .contains(
                        "  \"failures\": [{\"reason\": \"broke off: \\\"reset\\\"\\u000a\","
                            + " \"count\": 1}, {\"reason\": \"cannot connect: refused\", \"count\":"
                            + " 1}],",
                        "  \"latency_ms\": null,",
                        "  \"first_mismatch\": \"connection 1, message 2: sent \\\"a\\\\b\\\", got"
                                + " \\\"a\\\"\"");
    }
}
