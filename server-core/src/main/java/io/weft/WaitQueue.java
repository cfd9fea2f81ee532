package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The one queue of waiters under all primitives (trio: ParkingLot). Fairness, timeouts and kill are
 * solved here and in {@link WaitLine}, once: waiters are woken first in, first out; one that gives
 * up leaves nothing behind; and one that is woken and killed at the same time has been woken, so
 * that no wake-up is lost with it.
 *
 * <p>A primitive keeps its own state under this queue's lock, as with a {@link
 * java.util.concurrent.locks.Condition}. The lock is never held while waiting, so on one loop it is
 * never contended. Those who only {@link #watch} it are kept here too: they are told, behind those
 * who wait, and get nothing. Any thread, coroutine or not.
 *
 * <p>To keep newcomers from overtaking the one woken, hand over what it waits for: do not give it
 * back and wake, but leave it taken on its behalf, or put it into its {@link WaitLine.Waiter}.
 */
public final class WaitQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitLine<WaitQueue> line = newLine();
    private @Nullable Watchers watchers; // made by the first of them; guarded by lock

    public void lock() {
        lock.lock();
    }

    public void unlock() {
        lock.unlock();
    }

    /** A line of its own, for those who wait for something else under the same lock. */
    public <T> WaitLine<T> newLine() {
        return new WaitLine<>(this);
    }

    /**
     * Waits to be woken. The lock must be held; it is released while waiting and held again on
     * return.
     *
     * @param deadline as of {@link Deadline#in}
     * @param blocker what a dump shows the caller to wait on
     * @return false if the deadline came first
     * @throws InterruptedException if killed or timed out; the caller is no longer in the queue
     */
    public boolean await(long deadline, Object blocker) throws InterruptedException {
        return line.await(new WaitLine.Waiter<>(), deadline, blocker);
    }

    /** Wakes the one that has waited longest; false if nobody waits. The lock must be held. */
    public boolean wakeOne() {
        return line.wakeOne() != null;
    }

    /** Wakes all who wait now, in order. The lock must be held. */
    public int wakeAll() {
        return line.wakeAll();
    }

    /** How many wait. The lock must be held. */
    public int size() {
        return line.size();
    }

    /**
     * As of {@link Selectable#watch}, for a source that keeps its state here.
     *
     * @param ready whether it is ready now; asked with the lock held
     */
    public void watch(BooleanSupplier ready, Runnable told) {
        lock.lock();
        try {
            if (!ready.getAsBoolean()) {
                if (watchers == null) {
                    watchers = new Watchers();
                }
                watchers.add(told);
                return;
            }
        } finally {
            lock.unlock();
        }
        told.run();
    }

    /** As of {@link Selectable#unwatch}. */
    public void unwatch(Runnable told) {
        lock.lock();
        try {
            if (watchers != null) {
                watchers.remove(told);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The source is ready: tells all who watch it. The lock must be held. */
    public void tellWatchers() {
        if (watchers != null) {
            watchers.tell();
        }
    }
}
