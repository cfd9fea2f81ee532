package io.weft;

import java.util.ArrayDeque;

/**
 * The timers of one loop, in two heaps: the hub may wait for a lock that a sleeper holds, so what
 * wakes sleepers must not wait for the hub. Loop-confined.
 */
final class LoopTimers {
    /** What must be done on the hub. */
    final TimerHeap onHub = new TimerHeap();

    /**
     * What only wakes or starts coroutines: done also while the hub waits for a lock that a sleeper
     * may hold.
     */
    final TimerHeap alarms = new TimerHeap();

    private final Clock clock;
    private final ArrayDeque<RecurringTimeout> fresh = new ArrayDeque<>();
    private long looked; // at the clock, the last time

    LoopTimers(Clock clock) {
        this.clock = clock;
        this.looked = clock.nanoTime();
    }

    /** When the clock was last looked at. */
    long looked() {
        return looked;
    }

    /**
     * Begins the limit's time at the next look at the clock, which comes before the loop sleeps.
     */
    void beginAtNextLook(RecurringTimeout limit) {
        fresh.addLast(limit);
    }

    private long look() {
        looked = clock.nanoTime();
        for (RecurringTimeout limit; (limit = fresh.pollFirst()) != null; ) {
            limit.begin(looked);
        }
        return looked;
    }

    int size() {
        return onHub.size() + alarms.size();
    }

    boolean hasDue() {
        if (isEmpty()) {
            return false;
        }
        long now = look();
        return onHub.isDue(now) || alarms.isDue(now);
    }

    private boolean isEmpty() {
        return onHub.isEmpty() && alarms.isEmpty() && fresh.isEmpty();
    }

    /** On the hub. */
    void fire() {
        long now = look();
        onHub.fireDue(now);
        alarms.fireDue(now);
    }

    void fireAlarms() {
        if (!alarms.isEmpty() || !fresh.isEmpty()) {
            alarms.fireDue(look());
        }
    }

    /**
     * Until when the hub may sleep for these timers; a clock moved by hand wakes the hub itself.
     */
    long earliest() {
        long alarm = earliestAlarm();
        if (onHub.isEmpty() || clock != Clock.SYSTEM) {
            return alarm;
        }
        long timer = onHub.earliest();
        return alarm == Deadline.NEVER || timer - alarm < 0 ? timer : alarm;
    }

    /** As {@link #earliest()}, for the carrier while it runs without the hub. */
    long earliestAlarm() {
        return alarms.isEmpty() || clock != Clock.SYSTEM ? Deadline.NEVER : alarms.earliest();
    }

    /** Whether a timer that is set now will fire in time: not once the hub has gone. */
    boolean areFired() {
        return !alarms.isClosed();
    }

    /** The hub has gone: nobody shall be left waiting. */
    void close() {
        fresh.clear();
        onHub.close();
        alarms.close();
    }
}
