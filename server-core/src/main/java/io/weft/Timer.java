package io.weft;

/**
 * A one-shot timer of a loop. It can be scheduled again after it fired or was cancelled; scheduling
 * costs no system call. Equal deadlines fire in the order in which they were scheduled.
 * Loop-confined.
 */
public abstract class Timer {
    static final int IDLE = -1;
    static final int FIRING = -2; // when its heap is closed

    private final Loop loop;
    private final TimerHeap heap;
    long deadline;
    long sequence;
    int index = IDLE;

    /** A timer that is not set yet. */
    protected Timer(Loop loop) {
        this(loop, loop.timers().onHub);
    }

    Timer(Loop loop, TimerHeap heap) {
        this.loop = loop;
        this.heap = heap;
    }

    /** Runs on the hub: Netty may be called, nothing may block, and user code may not be run. */
    protected abstract void fire();

    /**
     * Sets this timer, moving it if it is set already.
     *
     * @param deadline in nanoseconds of {@link Loop#nanoTime()}
     */
    public final void schedule(long deadline) {
        heap.schedule(this, deadline);
    }

    /** Takes this timer out; does nothing if it is not set. */
    public final void cancel() {
        heap.cancel(this);
    }

    public final Loop loop() {
        return loop;
    }

    /** When it fires, if it is set; nanoseconds of {@link Loop#nanoTime()}. */
    public final long deadline() {
        return deadline;
    }

    /** Whether this timer is set and has not fired yet. */
    public final boolean isScheduled() {
        return index >= 0;
    }
}
