package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.load.Figures.Percentile;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
                    new Figures.Latency(1_234_567, 2_000_000, 3_000_000, 4_000_000, 50_000_000),
                    List.of(new Percentile(0, 1_000_000), new Percentile(100, 50_000_000)));

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
                    new Figures.Latency(0, 0, 0, 0, 0),
                    List.of());

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
        assertThat(json(Options.paced(2, 500, 3000), GOOD))
                .isEqualTo(
                        """
                        {
                          "command": "load-client --rate 3000 'a b'",
                          "began": "2026-01-02T03:04:05Z",
                          "weft": "%s",
                          "java": "%s",
                          "system": "%s",
                          "target": "127.0.0.1:8888",
                          "mode": "threads",
                          "size": null,
                          "rate": 3000,
                          "warmup_seconds": 0.000,
                          "connections": {"asked": 2, "made": 2, "failed": 0},
                          "failures": [],
                          "seconds": 0.500,
                          "messages": 1000,
                          "messages_per_second": 2000.0,
                          "bytes": 8000,
                          "megabytes_per_second": 0.016,
                          "latency_ms": {"p50": 1.235, "p90": 2.000, "p99": 3.000, "p99.9": 4.000, "max": 50.000},
                          "mismatches": 0,
                          "first_mismatch": null,
                          "client_cpu": {"cores": 0.500, "messages_per_cpu_second": 2000.0},
                          "latency_percentiles_ms": [[0.000000, 1.000], [100.000000, 50.000]],
                          "sending_from": 0.250,
                          "counted_from": 0.500,
                          "timeline": [
                            {"from": 0.000, "to": 0.100, "made": 2, "failed": 0, "mismatches": 0, "messages": 3, "latencies_us": [[0.000, 1.024, 1], [1.280, 1.536, 2]]}]
                        }
                        """
                                .formatted(Setting.weft(), Setting.java(), Setting.system()));
    }

    private static String json(LoadOptions options, Figures figures) {
        var latencies = new ArrayList<>(Collections.nCopies(Buckets.COUNT, 0L));
        latencies.set(Buckets.of(10), 1L);
        latencies.set(Buckets.of(1_300), 2L);
        var sample = new Sample(0, 100_000_000, 2, 0, 0, latencies);
        var setting =
                new Setting(Instant.parse("2026-01-02T03:04:05Z"), "load-client --rate 3000 'a b'");
        return JsonReport.text(
                options,
                setting,
                new Outcome(
                        figures, List.of(sample), 250_000_000, 500_000_000, new Cost(0.5, 2000)));
    }

    @Test
    void jsonEscapesWhatOthersSaid() {
        assertThat(json(Options.messages(2, 500), BAD).lines())
                .contains(
                        "  \"failures\": [{\"reason\": \"broke off: \\\"reset\\\"\\u000a\","
                            + " \"count\": 1}, {\"reason\": \"cannot connect: refused\", \"count\":"
                            + " 1}],",
                        "  \"latency_ms\": null,",
                        "  \"first_mismatch\": \"connection 1, message 2: sent \\\"a\\\\b\\\", got"
                                + " \\\"a\\\"\",");
    }
}
