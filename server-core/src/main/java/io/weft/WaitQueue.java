package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The one queue of waiters under all primitives (trio: ParkingLot). Fairness, timeouts and kill are
 * solved here, once: waiters are woken first in, first out; one that gives up leaves nothing
 * behind; and one that is woken and killed at the same time has been woken, so that no wake-up is
 * lost with it.
 *
 * <p>A primitive keeps its own state under this queue's lock, as with a {@link
 * java.util.concurrent.locks.Condition}. The lock is never held while waiting, so on one loop it is
 * never contended. Any thread, coroutine or not.
 */
public final class WaitQueue {
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int size;

    public void lock() {
        lock.lock();
    }

    public void unlock() {
        lock.unlock();
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
        var waiter = new Waiter(Thread.currentThread());
        append(waiter);
        lock.unlock();
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
            lock.lock();
            if (!waiter.woken) {
                remove(waiter);
            }
        }
        if (interrupted) {
            if (!waiter.woken) {
                throw Coroutine.interruption();
            }
            Thread.currentThread().interrupt();
        }
        return waiter.woken;
    }

    /** Wakes the one that has waited longest; false if nobody waits. The lock must be held. */
    public boolean wakeOne() {
        Waiter waiter = first;
        if (waiter == null) {
            return false;
        }
        remove(waiter);
        waiter.wake();
        return true;
    }

    /** Wakes all who wait now, in order. The lock must be held. */
    public int wakeAll() {
        int woken = 0;
        while (wakeOne()) {
            woken++;
        }
        return woken;
    }

    /** How many wait. The lock must be held. */
    public int size() {
        return size;
    }

    private void append(Waiter waiter) {
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        size++;
    }

    private void remove(Waiter waiter) {
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
        size--;
    }

    private static final class Waiter {
        final Thread thread;
        @Nullable Waiter previous;
        @Nullable Waiter next;
        volatile boolean woken;

        Waiter(Thread thread) {
            this.thread = thread;
        }

        void wake() {
            woken = true;
            java.util.concurrent.locks.LockSupport.unpark(thread);
        }
    }
}
