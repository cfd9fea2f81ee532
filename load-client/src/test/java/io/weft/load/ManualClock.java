package io.weft.load;

import java.util.ArrayList;
import java.util.List;

/** Moves only when told to, or by those who sleep on it. One thread's. */
final class ManualClock implements Clock {
    private long now;
    private final List<Long> sleeps = new ArrayList<>();

    /**
     * @param now the first time it shows
     */
    ManualClock(long now) {
        this.now = now;
    }

    void advance(long nanos) {
        now += nanos;
    }

    /** Until when it was slept, in order. */
    List<Long> sleeps() {
        return sleeps;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void sleepUntil(long nanoTime) {
        sleeps.add(nanoTime);
        now = Math.max(now, nanoTime);
    }
}
