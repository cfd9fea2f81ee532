package io.weft.sync;

import io.weft.Deadline;
import io.weft.WaitLine;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A lock that its owner may acquire again (gevent: RLock). Released as often as acquired, it goes
 * to the one that has waited longest. The owner is a thread, which every coroutine is. Any thread.
 *
 * <p>Differences from gevent: fair across loops and threads too. {@link
 * java.util.concurrent.locks.ReentrantLock} does as well in a coroutine; this one wakes on its own
 * loop by the loop's own timers, and is fair.
 */
public final class RLock {
    /**
     * What {@link #statistics()} tells.
     *
     * @param holds how often its owner has acquired it; 0 if nobody has
     * @param waiting how many wait for it
     */
    public record Statistics(int holds, int waiting) {}

    private final WaitQueue queue = new WaitQueue();
    private final WaitLine<Thread> waiters = queue.newLine();
    private final Held held = this::release;

    // guarded by queue
    private @Nullable Thread owner;
    private int holds;

    /**
     * Acquires the lock, waiting for it unless the caller owns it already.
     *
     * @throws InterruptedException if killed or timed out; it was not acquired
     */
    public void acquire() throws InterruptedException {
        acquireUntil(Deadline.NEVER);
    }

    /**
     * As {@link #acquire()}.
     *
     * @return false if the time was over first
     */
    public boolean acquire(Duration timeout) throws InterruptedException {
        return acquireUntil(Deadline.in(timeout));
    }

    private boolean acquireUntil(long deadline) throws InterruptedException {
        queue.lock();
        try {
            // woken is owner: release() has made it so
            return take()
                    || waiters.await(new WaitLine.Waiter<>(Thread.currentThread()), deadline, this);
        } finally {
            queue.unlock();
        }
    }

    /** Acquires the lock if it is free or the caller's own. */
    public boolean tryAcquire() {
        queue.lock();
        try {
            return take();
        } finally {
            queue.unlock();
        }
    }

    private boolean take() {
        Thread caller = Thread.currentThread();
        if (owner != null && owner != caller) {
            return false;
        }
        owner = caller;
        holds = Math.incrementExact(holds);
        return true;
    }

    /** Acquires the lock, waiting for it, and releases it at the end of a try block. */
    public Held hold() throws InterruptedException {
        acquire();
        return held;
    }

    /**
     * As {@link #hold()}.
     *
     * @throws TimeoutException if the time was over first: the block does not begin
     */
    public Held hold(Duration timeout) throws InterruptedException, TimeoutException {
        if (!acquire(timeout)) {
            throw new TimeoutException("the lock was not released within " + timeout);
        }
        return held;
    }

    /**
     * Acquires the lock if it is free or the caller's own, and releases it at the end of a try
     * block.
     *
     * @return null if not; the block runs all the same, and has to look
     */
    public @Nullable Held tryHold() {
        return tryAcquire() ? held : null;
    }

    /**
     * Takes back one acquire. Never blocks.
     *
     * @throws IllegalMonitorStateException if the caller is not the owner
     */
    public void release() {
        queue.lock();
        try {
            if (owner != Thread.currentThread()) {
                throw new IllegalMonitorStateException(
                        owner == null
                                ? "released once too often: nobody holds the lock"
                                : "only its owner, " + owner + ", can release the lock");
            }
            if (--holds == 0) {
                WaitLine.Waiter<Thread> next = waiters.wakeOne();
                owner = next == null ? null : next.value;
                holds = next == null ? 0 : 1;
            }
        } finally {
            queue.unlock();
        }
    }

    /** Whether anybody holds it. */
    public boolean isHeld() {
        return statistics().holds() > 0;
    }

    /** Whether the caller holds it. */
    public boolean isHeldByCaller() {
        queue.lock();
        try {
            return owner == Thread.currentThread();
        } finally {
            queue.unlock();
        }
    }

    public Statistics statistics() {
        queue.lock();
        try {
            return new Statistics(holds, waiters.size());
        } finally {
            queue.unlock();
        }
    }

    @Override
    public String toString() {
        return isHeld() ? "lock, held" : "lock, free";
    }
}
