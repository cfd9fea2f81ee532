package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/**
 * A line of waiters under the lock of a {@link WaitQueue}, each with a place for a value: to bring
 * one along (who puts into a full queue) or to be given one (who gets from an empty one). What is
 * handed over so never lies about, and no newcomer can take it from the one that has waited for it.
 *
 * <p>Under one lock there may be several lines, as there are conditions of a {@link
 * java.util.concurrent.locks.Lock}. All methods, and {@link Waiter#value}, need the lock.
 */
public final class WaitLine<T> {
    private final WaitQueue queue;

    // guarded by the queue's lock
    private @Nullable Waiter<T> first;
    private @Nullable Waiter<T> last;
    private int size;

    WaitLine(WaitQueue queue) {
        this.queue = queue;
    }

    /**
     * Waits at the end of the line to be woken. The lock is released while waiting and held again
     * on return.
     *
     * @param waiter the caller's place, used once; who wakes it may read and write its value
     * @param deadline as of {@link Deadline#in}
     * @param blocker what a dump shows the caller to wait on
     * @return false if the deadline came first
     * @throws InterruptedException if killed or timed out; the caller is no longer in the line
     */
    public boolean await(Waiter<T> waiter, long deadline, Object blocker)
            throws InterruptedException {
        append(waiter);
        queue.unlock();
        boolean interrupted = false;
        try {
            while (!waiter.woken && !Deadline.isPast(deadline)) {
                Parking.until(deadline, blocker);
                if (Thread.interrupted()) {
                    interrupted = true;
                    break;
                }
            }
        } finally {
            queue.lock();
            if (!waiter.woken) {
                remove(waiter);
            }
        }
        if (interrupted) {
            if (!waiter.woken) {
                throw Coroutine.interruption();
            }
            // both at once: it has what it waited for, and hears of the rest at its next wait
            Thread.currentThread().interrupt();
        }
        return waiter.woken;
    }

    /**
     * Wakes the one that has waited longest. It sees its value as it is when the lock is released.
     *
     * @return the one woken; null if nobody waits
     */
    public @Nullable Waiter<T> wakeOne() {
        Waiter<T> waiter = first;
        if (waiter != null) {
            remove(waiter);
            waiter.woken = true;
            LockSupport.unpark(waiter.thread);
        }
        return waiter;
    }

    /** Wakes all who wait now, in order, and leaves their values as they are. */
    public int wakeAll() {
        int woken = 0;
        while (wakeOne() != null) {
            woken++;
        }
        return woken;
    }

    /** The one that has waited longest; null if nobody waits. */
    public @Nullable Waiter<T> first() {
        return first;
    }

    /** How many wait. */
    public int size() {
        return size;
    }

    private void append(Waiter<T> waiter) {
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        size++;
    }

    private void remove(Waiter<T> waiter) {
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.previous = null; // a neighbour that is slow to resume shall not keep others alive
        waiter.next = null;
        size--;
    }

    /** The current thread's place in a line. */
    public static final class Waiter<T> {
        /** What the waiter brings, or is given. */
        public @Nullable T value;

        private final Thread thread = Thread.currentThread();
        private @Nullable Waiter<T> previous;
        private @Nullable Waiter<T> next;
        private volatile boolean woken;

        /** A waiter that has nothing yet. */
        public Waiter() {}

        /** A waiter that brings {@code value}. */
        public Waiter(T value) {
            this.value = value;
        }
    }
}
