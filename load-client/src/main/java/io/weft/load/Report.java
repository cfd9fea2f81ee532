package io.weft.load;

import static java.util.stream.Collectors.joining;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.StringJoiner;

/** The figures for people, a line each. */
final class Report {
    private static final double MILLION = 1e6;

    private final LoadOptions options;
    private final Outcome outcome;
    private final Figures figures;
    private final StringBuilder text = new StringBuilder();

    private Report(LoadOptions options, Outcome outcome) {
        this.options = options;
        this.outcome = outcome;
        this.figures = outcome.figures();
    }

    static String text(LoadOptions options, Outcome outcome) {
        var report = new Report(options, outcome);
        report.write();
        return report.text.toString();
    }

    private void write() {
        line("target", options.target() + ", " + options.mode() + ", " + what());
        line("connections", figures.made() + " made, " + figures.failed() + " failed");
        figures.errors()
                .forEach(
                        (error, count) -> {
                            if (!error.kind().isMismatch()) {
                                line("", count + ": " + error);
                            }
                        });
        line(
                "messages",
                String.format(
                        Locale.ROOT,
                        "%d in %.3f s, %.1f per second%s",
                        figures.messages(),
                        figures.seconds(),
                        figures.perSecond(),
                        options.rate() > 0 ? " of " + options.rate() + " asked for" : ""));
        line("", lost());
        line("warm-up", warmUp());
        line("statuses", statuses());
        line(
                "bytes",
                String.format(
                        Locale.ROOT,
                        "%d %s, %.3f MB per second",
                        figures.bytes(),
                        options.http() == null ? "each way" : "of bodies",
                        megabytesPerSecond(figures)));
        line("latency", latency());
        line("", latencyIsOf());
        line("mismatches", Long.toString(figures.mismatches()));
        figures.errors()
                .forEach(
                        (error, count) -> {
                            if (error.kind().isMismatch()) {
                                line("", count + ": " + error);
                            }
                        });
        line("", figures.firstMismatch());
        line("result", outcome.verdict());
    }

    /** What was due and has no reply. */
    private @Nullable String lost() {
        var lost = new StringJoiner(", ").setEmptyValue("");
        if (figures.notSent() > 0) {
            lost.add("due and not sent: " + figures.notSent());
        }
        if (figures.unanswered() > 0) {
            lost.add("sent and not answered: " + figures.unanswered());
        }
        return lost.length() == 0 ? null : lost.toString();
    }

    private @Nullable String warmUp() {
        if (!options.warmup().isPositive()) {
            return null;
        }
        var warmUp = figures.warmUp();
        return warmUp.messages()
                + " before that, not counted"
                + (warmUp.notSent() == 0 ? "" : "; due and not sent: " + warmUp.notSent());
    }

    private @Nullable String statuses() {
        return figures.statuses().isEmpty()
                ? null
                : figures.statuses().entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .collect(joining(", "));
    }

    /** Where not all latencies are those of replies. */
    private @Nullable String latencyIsOf() {
        long lost = figures.unanswered() + figures.notSent();
        return lost == 0
                ? null
                : "of all "
                        + figures.due()
                        + " that were due; the "
                        + lost
                        + " without a reply by how long they had waited";
    }

    private String what() {
        HttpOptions http = options.http();
        if (http != null) {
            return http.method() + (http.pipeline() > 1 ? ", " + http.pipeline() + " at once" : "");
        }
        return options.size() == 0 ? "\"hello N\"" : options.size() + " bytes";
    }

    private String latency() {
        if (figures.due() == 0) {
            return "no replies";
        }
        var latency = figures.latency();
        return "p50 "
                + millis(latency.p50())
                + ", p90 "
                + millis(latency.p90())
                + ", p99 "
                + millis(latency.p99())
                + ", p99.9 "
                + millis(latency.p999())
                + ", max "
                + millis(latency.max())
                + " ms"
                + (options.rate() > 0 ? " from when each was due" : "");
    }

    /** Nothing, if there is nothing to say. */
    private void line(String name, @Nullable String value) {
        if (value != null) {
            text.append(String.format("%-13s", name)).append(value).append(System.lineSeparator());
        }
    }

    static double megabytesPerSecond(Figures figures) {
        return figures.nanos() == 0 ? 0 : figures.bytes() / MILLION / figures.seconds();
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / MILLION);
    }
}
