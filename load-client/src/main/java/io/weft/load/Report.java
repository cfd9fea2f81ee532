package io.weft.load;

import io.weft.net.Addresses;

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
        String size = options.size() == 0 ? "\"hello N\"" : options.size() + " bytes";
        line("target", Addresses.format(options.target()) + ", " + options.mode() + ", " + size);
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
                        "%d each way, %.3f MB per second",
                        figures.bytes(),
                        megabytesPerSecond(figures)));
        line("latency", latency());
        line("mismatches", Long.toString(figures.mismatches()));
        line("", figures.firstMismatch());
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
