package io.weft.debug;

import io.weft.Loop;

/** What a monitor knows of one loop. Confined to the monitor's thread. */
final class LoopWatch {
    private final long limit;
    private final long interval;

    private long lastProgress = Loop.ASLEEP;
    private long lastSample;
    private long since;
    private boolean counted;

    private boolean reportedBefore;
    private long lastReport;
    private int unreported;

    /** In nanoseconds: how long a hold may be, and how far reports must be apart. */
    LoopWatch(long limit, long interval) {
        this.limit = limit;
        this.interval = interval;
    }

    /** Whether the loop's present hold is to be reported now; once per hold at most. */
    boolean isToBeReported(long progress, long now) {
        // If the monitor itself was kept from looking, so was the whole process.
        boolean slept = now - lastSample > limit;
        lastSample = now;
        if (progress == Loop.ASLEEP || progress != lastProgress || slept) {
            lastProgress = progress;
            since = now;
            counted = false;
            return false;
        }
        if (counted || now - since < limit) {
            return false;
        }
        counted = true;
        if (reportedBefore && now - lastReport < interval) {
            unreported++;
            return false;
        }
        reportedBefore = true;
        lastReport = now;
        return true;
    }

    /** How long the present hold has lasted. */
    long heldFor(long now) {
        return now - since;
    }

    int takeUnreported() {
        int count = unreported;
        unreported = 0;
        return count;
    }
}
