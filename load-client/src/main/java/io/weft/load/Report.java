package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;

/** The figures for people, a line each. */
final class Report {
    private static final double MILLION = 1e6;

    private final LoadOptions options;
    private final Figures figures;
    private final StringBuilder text = new StringBuilder();

    private Report(LoadOptions options, Figures figures) {
        this.options = options;
        this.figures = figures;
    }

    static String text(LoadOptions options, Figures figures) {
        var report = new Report(options, figures);
        report.write();
        return report.text.toString();
    }

    private void write() {
        line("target", options.target() + ", " + options.mode() + ", " + what());
        line("connections", figures.made() + " made, " + figures.failed() + " failed");
        for (Map.Entry<String, Long> failure : figures.failures().entrySet()) {
            line("", failure.getValue() + ": " + failure.getKey());
        }
        line(
                "messages",
                String.format(
                        Locale.ROOT,
                        "%d in %.3f s, %.1f per second%s",
                        figures.messages(),
                        figures.seconds(),
                        figures.perSecond(),
                        options.rate() > 0 ? " of " + options.rate() + " asked for" : ""));
        line(
                "bytes",
                String.format(
                        Locale.ROOT,
                        "%d %s, %.3f MB per second",
                        figures.bytes(),
                        options.http() == null ? "each way" : "of bodies",
                        megabytesPerSecond(figures)));
        line("latency", latency());
        line("mismatches", Long.toString(figures.mismatches()));
        line("", figures.firstMismatch());
    }

    private String what() {
        HttpOptions http = options.http();
        if (http != null) {
            return http.method() + (http.pipeline() > 1 ? ", " + http.pipeline() + " at once" : "");
        }
        return options.size() == 0 ? "\"hello N\"" : options.size() + " bytes";
    }

    private String latency() {
        if (figures.messages() == 0) {
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
