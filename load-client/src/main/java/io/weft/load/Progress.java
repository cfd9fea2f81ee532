package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * The line on a terminal that says how far the run is, written over itself; where there is no
 * terminal, nothing. For the thread that leads the run.
 */
final class Progress {
    /** ECMA-48: to the first column, and erase to the end of the line. */
    private static final String OVER = "\r\033[K";

    private static final long SECOND = 1_000_000_000L;

    private final @Nullable PrintWriter terminal;
    private long lastAt;
    private long lastReplies;
    private double perSecond;

    private Progress(@Nullable PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** Writes nothing. */
    static Progress none() {
        return new Progress(null);
    }

    /** Writes to {@code terminal}, which is one. */
    static Progress on(PrintWriter terminal) {
        return new Progress(terminal);
    }

    /** Writes to {@code out} if standard output is a terminal. */
    static Progress onTerminal(PrintWriter out) {
        return isTerminal(System.console()) ? on(out) : none();
    }

    /** Without a terminal there may be a console (Java 22 to 24) or none (before and after). */
    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    /** So many of the connections have been tried. */
    void connecting(long made, int asked) {
        show("connecting: " + made + " of " + asked);
    }

    /** So many replies have come since the start; both times are nanoseconds of the run's clock. */
    void running(long startedAt, long now, long replies) {
        if (lastAt == 0 || now - lastAt >= SECOND) {
            long since = lastAt == 0 ? startedAt : lastAt;
            perSecond = (replies - lastReplies) * (double) SECOND / Math.max(1, now - since);
            lastAt = now;
            lastReplies = replies;
        }
        show(
                String.format(
                        Locale.ROOT,
                        "%.1f s: %d messages, %.0f per second",
                        (now - startedAt) / (double) SECOND,
                        replies,
                        perSecond));
    }

    /** Takes the line away, before something else is printed. */
    void clear() {
        show("");
    }

    private void show(String line) {
        if (terminal != null) {
            terminal.print(OVER + line);
            terminal.flush();
        }
    }
}
