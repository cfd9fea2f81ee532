package io.weft.debug;

import io.weft.Hold;
import io.weft.Loop;

/** What a monitor knows of one loop. Confined to the monitor's thread. */
final class LoopWatch {
    private final long limit;
    private final long interval;

    private long lastProgress = Loop.ASLEEP;
    private long lastSample;
    private long since;
    private boolean counted;
    private int reports; // of the present hold

    private boolean reportedBefore;
    private long lastReport;
    private int unreported;

    /** In nanoseconds: how long a hold may be, and how far reports must be apart. */
    LoopWatch(long limit, long interval) {
        this.limit = limit;
        this.interval = interval;
    }

    /**
     * Whether the loop's present hold is to be reported now: when it passes the limit, unless
     * another was reported a moment before, and again while it lasts.
     */
    boolean isToBeReported(long progress, long now) {
        // If the monitor itself was kept from looking, so was the whole process.
        boolean slept = now - lastSample > limit;
        lastSample = now;
        if (progress == Loop.ASLEEP || progress != lastProgress || slept) {
            lastProgress = progress;
            since = now;
            counted = false;
            reports = 0;
            return false;
        }
        if (counted) {
            if (!isLong(now)) {
                return false;
            }
        } else if (now - since < limit) {
            return false;
        } else {
            counted = true;
            if (reportedBefore && now - lastReport < interval) {
                unreported++;
                return false;
            }
        }
        reportedBefore = true;
        lastReport = now;
        reports++;
        return true;
    }

    /** One that went unreported for its neighbours' sake is a matter of its own after a second. */
    private boolean isLong(long now) {
        return reports == 0
                ? now - since >= Hold.toldAgainAfter(1)
                : now - lastReport >= Hold.toldAgainAfter(reports);
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
