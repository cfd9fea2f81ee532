package io.weft;

/**
 * A timer that only wakes, starts, kills or limits coroutines. It fires also while the hub waits
 * for a lock, which the one to be woken may hold. Loop-confined.
 */
public abstract class Alarm extends Timer {
    /** An alarm that is not set yet. */
    protected Alarm(Loop loop) {
        super(loop, loop.timers().alarms);
    }

    /** Runs on the hub, or without it on the carrier: neither Netty nor user code may be called. */
    @Override
    protected abstract void fire();
}
