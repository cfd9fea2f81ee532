package io.weft.sync;

import io.weft.Deadline;
import io.weft.Selectable;
import io.weft.WaitQueue;

import java.time.Duration;

/**
 * A flag that many wait for (gevent: Event). Those who wait are woken in the order in which they
 * came. Any thread.
 *
 * <p>Differences from gevent: {@code wait} is called await, as {@link Object#wait()} is taken.
 */
public final class Event implements Selectable {
    /** What {@link #statistics()} tells. */
    public record Statistics(boolean set, int waiting) {}

    private final WaitQueue waiters = new WaitQueue();

    private volatile boolean set; // written under waiters

    /** Sets the flag and wakes all who wait, also if it is cleared before they get to run. */
    public void set() {
        waiters.lock();
        try {
            set = true;
            waiters.wakeAll();
            waiters.tellWatchers();
        } finally {
            waiters.unlock();
        }
    }

    /** From now on {@link #await()} blocks again. */
    public void clear() {
        waiters.lock();
        try {
            set = false;
        } finally {
            waiters.unlock();
        }
    }

    public boolean isSet() {
        return set;
    }

    /**
     * Waits until the flag is set; returns at once if it is.
     *
     * @throws InterruptedException if killed or timed out
     */
    public void await() throws InterruptedException {
        awaitUntil(Deadline.NEVER);
    }

    /**
     * As {@link #await()}.
     *
     * @return false if the time was over first
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitUntil(Deadline.in(timeout));
    }

    private boolean awaitUntil(long deadline) throws InterruptedException {
        if (set) {
            return true;
        }
        waiters.lock();
        try {
            return set || waiters.await(deadline, this);
        } finally {
            waiters.unlock();
        }
    }

    /** Ready is an event that is set; it may have been cleared by the time that one looks. */
    @Override
    public void watch(Runnable told) {
        waiters.watch(this::isSet, told);
    }

    @Override
    public void unwatch(Runnable told) {
        waiters.unwatch(told);
    }

    public Statistics statistics() {
        waiters.lock();
        try {
            return new Statistics(set, waiters.size());
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public String toString() {
        return set ? "event, set" : "event, not set";
    }
}
