package io.weft;

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

    LoopTimers(Clock clock) {
        this.clock = clock;
    }

    int size() {
        return onHub.size() + alarms.size();
    }

    boolean hasDue() {
        if (onHub.isEmpty() && alarms.isEmpty()) {
            return false;
        }
        long now = clock.nanoTime();
        return onHub.isDue(now) || alarms.isDue(now);
    }

    /** On the hub. */
    void fire() {
        if (!onHub.isEmpty()) {
            onHub.fireDue(clock.nanoTime());
        }
        fireAlarms();
    }

    void fireAlarms() {
        if (!alarms.isEmpty()) {
            alarms.fireDue(clock.nanoTime());
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
        onHub.close();
        alarms.close();
    }
}
