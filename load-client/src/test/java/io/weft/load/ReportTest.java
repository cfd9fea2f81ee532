package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.load.Errors.Cause;
import io.weft.load.Figures.Percentile;
import io.weft.load.Figures.WarmUp;

import org.junit.jupiter.api.Test;

import java.time.Duration;
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
                    0,
                    0,
                    new WarmUp(0, 0),
                    Map.of(),
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
                            Map.of(
                                    new Cause(ErrorKind.CONNECT, "refused"),
                                    1L,
                                    new Cause(ErrorKind.BROKEN, "\"reset\""),
                                    1L,
                                    new Cause(ErrorKind.BODY, ""),
                                    3L)),
                    0,
                    0,
                    0,
                    new WarmUp(0, 0),
                    Map.of(),
                    0,
                    0,
                    3,
                    "connection 1, message 2: sent \"a\\b\", got \"a\"",
                    new Figures.Latency(0, 0, 0, 0, 0),
                    List.of());

    private static final Figures STALLED =
            new Figures(
                    2,
                    2,
                    Map.of(),
                    4996,
                    4,
                    5000,
                    new WarmUp(70, 30),
                    new TreeMap<>(Map.of(200, 4990L, 503, 6L)),
                    0,
                    10_000_000_000L,
                    0,
                    null,
                    new Figures.Latency(1, 1, 1, 1, 1),
                    List.of());

    @Test
    void saysAllFiguresALineEach() {
        assertThat(text(Options.messages(2, 500), GOOD).lines())
                .containsExactly(
                        "target       127.0.0.1:8888, threads, \"hello N\"",
                        "connections  2 made, 0 failed",
                        "messages     1000 in 0.500 s, 2000.0 per second",
                        "bytes        8000 each way, 0.016 MB per second",
                        "latency      p50 1.235, p90 2.000, p99 3.000, p99.9 4.000, max 50.000 ms",
                        "mismatches   0",
                        "result       every connection held and every reply was right");
    }

    @Test
    void saysWhatTheRateAndTheLatencyMeanWithOneAskedFor() {
        assertThat(text(Options.paced(2, 500, 3000), GOOD).lines())
                .contains(
                        "messages     1000 in 0.500 s, 2000.0 per second of 3000 asked for",
                        "latency      p50 1.235, p90 2.000, p99 3.000, p99.9 4.000, max 50.000 ms"
                                + " from when each was due");
    }

    @Test
    void saysWhyConnectionsFailedAndWhatDiffered() {
        assertThat(text(Options.messages(2, 500), BAD).lines())
                .contains(
                        "connections  1 made, 2 failed",
                        "             1: cannot connect: refused",
                        "latency      no replies",
                        "mismatches   3",
                        "             3: wrong body",
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
                          "planned_seconds": null,
                          "interrupted": false,
                          "good": true,
                          "verdict": "every connection held and every reply was right",
                          "connections": {"asked": 2, "made": 2, "failed": 0},
                          "failures": [],
                          "errors": [],
                          "seconds": 0.500,
                          "messages": 1000,
                          "messages_per_second": 2000.0,
                          "messages_due": 1000,
                          "not_sent": 0,
                          "unanswered": 0,
                          "warmup_messages": 0,
                          "warmup_not_sent": 0,
                          "statuses": {},
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
                        figures,
                        false,
                        List.of(sample),
                        250_000_000,
                        500_000_000,
                        new Cost(0.5, 2000)));
    }

    private static String text(LoadOptions options, Figures figures) {
        return Report.text(options, new Outcome(figures, false, List.of(), 0, 0, null));
    }

    @Test
    void saysWhatWasDueAndHasNoReply() {
        assertThat(text(Options.warming(Duration.ofSeconds(10), Duration.ofSeconds(5)), STALLED))
                .contains(
                        lines(
                                "messages     4996 in 10.000 s, 499.6 per second",
                                "             due and not sent: 5000, sent and not answered: 4",
                                "warm-up      70 before that, not counted; due and not sent: 30",
                                "statuses     200: 4990, 503: 6"))
                .contains(
                        lines(
                                "             of all 10000 that were due; the 5004 without a reply"
                                        + " by how long they had waited"))
                .contains(lines("result       not good: 5000 due and not sent, 4 not answered"));
        assertThat(json(Options.messages(2, 500), STALLED).lines())
                .contains(
                        "  \"messages_due\": 10000,",
                        "  \"not_sent\": 5000,",
                        "  \"unanswered\": 4,",
                        "  \"warmup_messages\": 70,",
                        "  \"warmup_not_sent\": 30,",
                        "  \"statuses\": {\"200\": 4990, \"503\": 6},",
                        "  \"good\": false,");
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    @Test
    void jsonEscapesWhatOthersSaid() {
        assertThat(json(Options.messages(2, 500), BAD).lines())
                .contains(
                        "  \"failures\": [{\"reason\": \"cannot connect: refused\", \"count\": 1},"
                                + " {\"reason\": \"broke off: \\\"reset\\\"\", \"count\": 1}],",
                        "  \"errors\": [{\"kind\": \"connect\", \"reason\": \"refused\", \"text\":"
                            + " \"cannot connect: refused\", \"count\": 1}, {\"kind\": \"broken\","
                            + " \"reason\": \"\\\"reset\\\"\", \"text\": \"broke off:"
                            + " \\\"reset\\\"\", \"count\": 1}, {\"kind\": \"body\", \"reason\":"
                            + " \"\", \"text\": \"wrong body\", \"count\": 3}],",
                        "  \"latency_ms\": null,",
                        "  \"first_mismatch\": \"connection 1, message 2: sent \\\"a\\\\b\\\", got"
                                + " \\\"a\\\"\",");
    }
}
