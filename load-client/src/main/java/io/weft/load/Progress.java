package io.weft.load;

import io.weft.load.Figures.Latency;

import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says how a run is going while it does: on a terminal a few lines that are written over
 * themselves, elsewhere a line now and then. For the thread that leads the run.
 */
final class Progress {
    /**
     * What there is to say of the exchange. Immutable.
     *
     * @param nanos since the first message
     * @param planned how long it shall take; 0 where that is not known
     * @param warmingUp whether replies do not count yet
     * @param replies so far, warm-up included
     * @param waiting for how long the longest wait for a reply has lasted by now, in nanoseconds
     */
    record View(
            long nanos,
            long planned,
            boolean warmingUp,
            long replies,
            long made,
            long failed,
            long mismatches,
            long waiting) {}

    /** ECMA-48: to the first column, and erase all that follows. */
    private static final String ERASE = "\r\033[J";

    private static final String END_OF_LINE = "\033[K\n";
    private static final long SECOND = 1_000_000_000L;

    /** Plain lines in a run whose length is known, if that is not too long for it. */
    private static final int PLAIN_LINES = 10;

    /** From one plain line to the next where it is not known, and at most. */
    private static final long PLAIN_NANOS = 10 * SECOND;

    private static final int BAR = 40;
    private static final String LEVELS = "▁▂▃▄▅▆▇█";

    private final @Nullable PrintWriter out;
    private final @Nullable IntSupplier columns; // of a terminal; null if it is none
    private final ArrayDeque<Double> rates = new ArrayDeque<>(); // of the last seconds
    private int shown; // lines that are on the terminal
    private long lastAt;
    private long lastReplies;
    private long nextPlain;
    private @Nullable Latency latency;

    private Progress(@Nullable PrintWriter out, @Nullable IntSupplier columns) {
        this.out = out;
        this.columns = columns;
    }

    /** Writes nothing. */
    static Progress none() {
        return new Progress(null, null);
    }

    /**
     * Writes to {@code terminal}, which is one.
     *
     * @param columns how wide it is; asked each time
     */
    static Progress live(PrintWriter terminal, IntSupplier columns) {
        return new Progress(terminal, columns);
    }

    /** Writes to what is no terminal. */
    static Progress plain(PrintWriter out) {
        return new Progress(out, null);
    }

    /** Live on {@code out} if standard output is a terminal, else plain on {@code err}. */
    static Progress of(PrintWriter out, PrintWriter err) {
        return isTerminal(System.console()) ? live(out, TerminalWidth::columns) : plain(err);
    }

    /** Without a terminal there may be a console (Java 22 to 24) or none (before and after). */
    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    /** So many connections are there, of those asked for. */
    void connecting(long made, int asked, long failed) {
        if (columns != null) {
            show(List.of("connecting: " + made + " of " + asked + failures(failed)));
        }
    }

    /**
     * So far has the exchange come.
     *
     * @param latencies asked about once a second
     */
    void running(View view, Supplier<Latency> latencies) {
        long since = view.nanos - lastAt;
        boolean isNew = since >= SECOND;
        if (isNew) {
            rates.addLast((view.replies - lastReplies) * (double) SECOND / since);
            if (rates.size() > BAR) {
                rates.removeFirst();
            }
            lastAt = view.nanos;
            lastReplies = view.replies;
            latency = latencies.get();
        }
        if (columns != null) {
            show(lines(view));
        } else if (out != null && isNew && view.nanos >= nextPlain) {
            long step =
                    view.planned == 0
                            ? PLAIN_NANOS
                            : Math.clamp(view.planned / PLAIN_LINES, SECOND, PLAIN_NANOS);
            nextPlain = (view.nanos / step + 1) * step;
            out.println(plain(view));
            out.flush();
        }
    }

    private List<String> lines(View view) {
        String planned = view.planned == 0 ? "" : " of " + seconds(view.planned);
        return List.of(
                "time         "
                        + seconds(view.nanos)
                        + planned
                        + (view.warmingUp ? ", warming up" : "")
                        + bar(view),
                "rate now     " + rate(view) + "  " + trend(),
                "latency all  " + (latency == null ? "" : latency(latency)),
                "connections  "
                        + view.made
                        + " made, "
                        + view.failed
                        + " failed; "
                        + view.mismatches
                        + " mismatches"
                        + waiting(view));
    }

    private String plain(View view) {
        return seconds(view.nanos)
                + (view.warmingUp ? " (warming up): " : ": ")
                + view.replies
                + " messages, "
                + rate(view)
                + " now"
                + (latency == null || latency.max() == 0 ? "" : ", all so far " + latency(latency))
                + failures(view.failed)
                + (view.mismatches == 0 ? "" : ", " + view.mismatches + " mismatches")
                + waiting(view);
    }

    /** Said where it is long enough to be a stall: no latency shows it yet. */
    private static String waiting(View view) {
        return view.waiting < SECOND ? "" : ", no reply for " + seconds(view.waiting);
    }

    private static String failures(long failed) {
        return failed == 0 ? "" : ", " + failed + " failed";
    }

    /** Of the last whole second; before there is one, of what there is. */
    private String rate(View view) {
        double rate =
                rates.isEmpty()
                        ? view.replies * (double) SECOND / Math.max(1, view.nanos)
                        : rates.getLast();
        return String.format(Locale.ROOT, "%.0f per second", rate);
    }

    private static String latency(Latency latency) {
        return "p50 "
                + Report.millis(latency.p50())
                + ", p90 "
                + Report.millis(latency.p90())
                + ", p99 "
                + Report.millis(latency.p99())
                + ", max "
                + Report.millis(latency.max())
                + " ms";
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / (double) SECOND);
    }

    private static String bar(View view) {
        if (view.planned == 0) {
            return "";
        }
        int done = Math.clamp(BAR * view.nanos / view.planned, 0, BAR);
        return "  " + "█".repeat(done) + "░".repeat(BAR - done);
    }

    private String trend() {
        double highest = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return rates.stream()
                .map(rate -> highest == 0 ? 0 : (int) Math.ceil(rate / highest * 7))
                .map(level -> LEVELS.substring(level, level + 1))
                .collect(Collectors.joining());
    }

    /** Takes the lines away, before something else is printed. */
    void clear() {
        if (shown > 0) {
            show(List.of());
        }
    }

    private void show(List<String> lines) {
        if (out != null) {
            var text = new StringBuilder();
            if (shown > 0) {
                text.append("\033[").append(shown).append("F"); // ECMA-48: so many lines up
            }
            if (lines.size() < shown) {
                text.append(ERASE);
            }
            lines.forEach(line -> text.append(cut(line)).append(END_OF_LINE));
            shown = lines.size();
            out.print(text);
            out.flush();
        }
    }

    /** A line that a terminal wraps is two, and the next picture would be drawn below this one. */
    private String cut(String line) {
        int most = columns == null ? line.length() : Math.max(1, columns.getAsInt() - 1);
        return line.length() <= most ? line : line.substring(0, most);
    }
}
