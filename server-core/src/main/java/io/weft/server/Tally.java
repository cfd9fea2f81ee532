package io.weft.server;

import org.slf4j.Logger;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Counts what anybody on the network can make happen as often as they like, so that a log tells of
 * it in one line a minute and not in one for each: the first at once, and what comes within a
 * minute of a line in the next. Any thread; nothing blocks.
 */
public final class Tally {
    /** As often as a reader of a log may care to know. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final BiConsumer<Long, String> report;
    private final Executor later;
    private final AtomicLong count = new AtomicLong();
    private final AtomicBoolean waiting = new AtomicBoolean(); // for the next line
    private volatile String last = "";

    /** One whose lines are information. */
    public static Tally ofInfo(Logger log) {
        return new Tally((count, last) -> log.info("{}{}", last, others(count)), inAMinute());
    }

    /** One whose lines are warnings. */
    public static Tally ofWarnings(Logger log) {
        return new Tally((count, last) -> log.warn("{}{}", last, others(count)), inAMinute());
    }

    private static Executor inAMinute() {
        return CompletableFuture.delayedExecutor(INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    private static String others(long count) {
        return count == 1 ? "" : " (the last of " + count + " since this was last said)";
    }

    /**
     * One that reports how many there were since it did last, and the last of them.
     *
     * @param later runs what it is given when there may be another line
     */
    Tally(BiConsumer<Long, String> report, Executor later) {
        this.report = report;
        this.later = later;
    }

    /**
     * One more, of which {@code what} tells in one line.
     *
     * @return whether that was written at once
     */
    public boolean add(String what) {
        last = what;
        count.incrementAndGet();
        boolean first = waiting.compareAndSet(false, true);
        if (first) {
            next();
        }
        return first;
    }

    /**
     * Tells at once of what came since the last line: for the end of what is counted, whose log
     * would lack it, or have it a minute later.
     */
    public void flush() {
        report();
    }

    private boolean report() {
        long since = count.getAndSet(0);
        if (since > 0) {
            report.accept(since, last);
        }
        return since > 0;
    }

    private void next() {
        if (report()) {
            later.execute(this::next);
            return;
        }
        waiting.set(false);
        if (count.get() > 0 && waiting.compareAndSet(false, true)) { // it came just now
            next();
        }
    }
}
