package io.weft.load;

import static java.util.stream.Collectors.joining;

import io.weft.load.Errors.Cause;
import io.weft.load.Figures.Percentile;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The figures for programs: one JSON object (RFC 8259). The same figures as {@link Report}, and
 * what {@code compare} and the HTML page draw their pictures from.
 */
final class JsonReport {
    private static final double SECOND = 1e9;
    private static final double MICRO = 1e3;

    private JsonReport() {}

    static String text(LoadOptions options, Setting setting, Outcome outcome) {
        Figures figures = outcome.figures();
        return String.format(
                Locale.ROOT,
                """
                {
                  "command": %s,
                  "began": %s,
                  "weft": %s,
                  "java": %s,
                  "system": %s,
                  "target": %s,
                  "mode": %s,
                  "size": %s,
                  "rate": %s,
                  "warmup_seconds": %.3f,
                  "planned_seconds": %s,
                  "interrupted": %s,
                  "good": %s,
                  "verdict": %s,
                  "connections": {"asked": %d, "made": %d, "failed": %d},
                  "failures": [%s],
                  "errors": [%s],
                  "seconds": %.3f,
                  "messages": %d,
                  "messages_per_second": %.1f,
                  "messages_due": %d,
                  "not_sent": %d,
                  "unanswered": %d,
                  "warmup_messages": %d,
                  "warmup_not_sent": %d,
                  "statuses": {%s},
                  "bytes": %d,
                  "megabytes_per_second": %.3f,
                  "latency_ms": %s,
                  "mismatches": %d,
                  "first_mismatch": %s,
                  "client_cpu": %s,
                  "latency_percentiles_ms": [%s],
                  "sending_from": %.3f,
                  "counted_from": %.3f,
                  "timeline": [%s]
                }
                """,
                quote(setting.command()),
                quote(setting.began().toString()),
                quote(Setting.weft()),
                quote(Setting.java()),
                quote(Setting.system()),
                quote(options.target().toString()),
                quote(options.mode().toString()),
                orNull(options.size()),
                orNull(options.rate()),
                options.warmup().toNanos() / SECOND,
                planned(options),
                outcome.interrupted(),
                outcome.isGood(),
                quote(outcome.verdict()),
                figures.asked(),
                figures.made(),
                figures.failed(),
                figures.errors().entrySet().stream()
                        .filter(each -> !each.getKey().kind().isMismatch())
                        .map(JsonReport::failure)
                        .collect(joining(", ")),
                figures.errors().entrySet().stream().map(JsonReport::error).collect(joining(", ")),
                figures.seconds(),
                figures.messages(),
                figures.perSecond(),
                figures.due(),
                figures.notSent(),
                figures.unanswered(),
                figures.warmUp().messages(),
                figures.warmUp().notSent(),
                figures.statuses().entrySet().stream()
                        .map(each -> "\"" + each.getKey() + "\": " + each.getValue())
                        .collect(joining(", ")),
                figures.bytes(),
                Report.megabytesPerSecond(figures),
                latency(figures),
                figures.mismatches(),
                quote(figures.firstMismatch()),
                cost(outcome.cost()),
                figures.curve().stream().map(JsonReport::point).collect(joining(", ")),
                outcome.sendingFrom() / SECOND,
                outcome.countedFrom() / SECOND,
                outcome.timeline().stream()
                        .map(sample -> "\n    " + sample(sample))
                        .collect(joining(",")));
    }

    private static String planned(LoadOptions options) {
        var duration = options.duration();
        return duration == null
                ? "null"
                : String.format(Locale.ROOT, "%.3f", duration.toNanos() / SECOND);
    }

    private static String failure(Map.Entry<Cause, Long> each) {
        return "{\"reason\": "
                + quote(each.getKey().toString())
                + ", \"count\": "
                + each.getValue()
                + "}";
    }

    private static String error(Map.Entry<Cause, Long> each) {
        return "{\"kind\": "
                + quote(each.getKey().kind().key())
                + ", \"reason\": "
                + quote(each.getKey().reason())
                + ", \"text\": "
                + quote(each.getKey().toString())
                + ", \"count\": "
                + each.getValue()
                + "}";
    }

    private static String latency(Figures figures) {
        var latency = figures.latency();
        return figures.due() == 0
                ? "null"
                : String.format(
                        Locale.ROOT,
                        "{\"p50\": %s, \"p90\": %s, \"p99\": %s, \"p99.9\": %s, \"max\": %s}",
                        Report.millis(latency.p50()),
                        Report.millis(latency.p90()),
                        Report.millis(latency.p99()),
                        Report.millis(latency.p999()),
                        Report.millis(latency.max()));
    }

    private static String cost(@Nullable Cost cost) {
        return cost == null
                ? "null"
                : String.format(
                        Locale.ROOT,
                        "{\"cores\": %.3f, \"messages_per_cpu_second\": %.1f}",
                        cost.cores(),
                        cost.repliesPerCpuSecond());
    }

    private static String point(Percentile each) {
        return String.format(
                Locale.ROOT, "[%.6f, %s]", each.percent(), Report.millis(each.nanos()));
    }

    private static String sample(Sample sample) {
        String latencies =
                IntStream.range(0, sample.latencies().size())
                        .filter(i -> sample.latencies().get(i) > 0)
                        .mapToObj(i -> bucket(i, sample.latencies().get(i)))
                        .collect(joining(", "));
        return String.format(
                Locale.ROOT,
                "{\"from\": %.3f, \"to\": %.3f, \"made\": %d, \"failed\": %d, \"mismatches\": %d,"
                        + " \"messages\": %d, \"latencies_us\": [%s]}",
                sample.from() / SECOND,
                sample.to() / SECOND,
                sample.made(),
                sample.failed(),
                sample.mismatches(),
                sample.messages(),
                latencies);
    }

    /** From, to, how many. */
    private static String bucket(int index, long count) {
        return String.format(
                Locale.ROOT,
                "[%.3f, %.3f, %d]",
                Buckets.lowest(index) / MICRO,
                Buckets.lowest(index + 1) / MICRO,
                count);
    }

    /** Options that are not given are 0 inside and null outside. */
    private static String orNull(long option) {
        return option == 0 ? "null" : Long.toString(option);
    }

    /** A JSON string, RFC 8259 section 7. */
    static String quote(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || Character.isSurrogate(c) || Character.isISOControl(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
