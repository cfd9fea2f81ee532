package io.weft.load;

import static java.util.stream.Collectors.joining;

import io.weft.net.Addresses;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The figures for programs: one JSON object (RFC 8259). The same figures as {@link Report}. */
final class JsonReport {
    private JsonReport() {}

    static String text(LoadOptions options, Figures figures) {
        String failures =
                figures.failures().entrySet().stream()
                        .map(
                                each ->
                                        "{\"reason\": "
                                                + quote(each.getKey())
                                                + ", \"count\": "
                                                + each.getValue()
                                                + "}")
                        .collect(joining(", "));
        return String.format(
                Locale.ROOT,
                """
                {
                  "target": %s,
                  "mode": %s,
                  "size": %s,
                  "rate": %s,
                  "connections": {"asked": %d, "made": %d, "failed": %d},
                  "failures": [%s],
                  "seconds": %.3f,
                  "messages": %d,
                  "messages_per_second": %.1f,
                  "bytes": %d,
                  "megabytes_per_second": %.3f,
                  "latency_ms": %s,
                  "mismatches": %d,
                  "first_mismatch": %s
                }
                """,
                quote(Addresses.format(options.target())),
                quote(options.mode().toString()),
                orNull(options.size()),
                orNull(options.rate()),
                figures.asked(),
                figures.made(),
                figures.failed(),
                failures,
                figures.seconds(),
                figures.messages(),
                figures.perSecond(),
                figures.bytes(),
                Report.megabytesPerSecond(figures),
                latency(figures),
                figures.mismatches(),
                quote(figures.firstMismatch()));
    }

    private static String latency(Figures figures) {
        var latency = figures.latency();
        return figures.messages() == 0
                ? "null"
                : String.format(
                        "{\"p50\": %s, \"p90\": %s, \"p99\": %s, \"p99.9\": %s, \"max\": %s}",
                        Report.millis(latency.p50()),
                        Report.millis(latency.p90()),
                        Report.millis(latency.p99()),
                        Report.millis(latency.p999()),
                        Report.millis(latency.max()));
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
            if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
