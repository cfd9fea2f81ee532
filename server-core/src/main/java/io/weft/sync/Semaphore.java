package io.weft.sync;

import io.weft.Deadline;
import io.weft.Selectable;
import io.weft.WaitLine;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A number of permits (gevent: Semaphore). A permit that is released while others wait goes to the
 * one that has waited longest; it is never free in between, so nobody overtakes. Any thread.
 *
 * <p>Differences from gevent: fair across loops and threads too; {@code counter} is {@link
 * #available()}, {@code locked} is {@code available() == 0}, {@code wait} is {@link
 * #awaitAvailable()}.
 */
public sealed class Semaphore implements Selectable permits BoundedSemaphore {
    /**
     * What {@link #statistics()} tells.
     *
     * @param available permits that are free
     * @param waiting how many wait to acquire one
     */
    public record Statistics(int available, int waiting) {}

    private final WaitQueue acquirers = new WaitQueue();
    private final WaitLine<Semaphore> onlookers = acquirers.newLine();
    private final Held held = this::release;
    private final int most;

    private int available; // guarded by acquirers; 0 while anyone waits there

    /**
     * A semaphore with so many permits.
     *
     * @throws IllegalArgumentException if negative
     */
    public Semaphore(int permits) {
        this(permits, Integer.MAX_VALUE);
    }

    Semaphore(int permits, int most) {
        if (permits < 0) {
            throw new IllegalArgumentException(
                    "a semaphore has 0 permits or more, but was to have " + permits);
        }
        this.available = permits;
        this.most = most;
    }

    /**
     * Takes a permit, waiting for one.
     *
     * @throws InterruptedException if killed or timed out; no permit was taken
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
        acquirers.lock();
        try {
            // woken is given: release() has left the permit taken for the one it woke
            return take() || acquirers.await(deadline, this);
        } finally {
            acquirers.unlock();
        }
    }

    /** Takes a permit if one is free. */
    public boolean tryAcquire() {
        acquirers.lock();
        try {
            return take();
        } finally {
            acquirers.unlock();
        }
    }

    private boolean take() {
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /** Takes a permit, waiting for one, and releases it at the end of a try block. */
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
            throw new TimeoutException("no permit was free within " + timeout);
        }
        return held;
    }

    /**
     * Takes a permit if one is free, and releases it at the end of a try block.
     *
     * @return null if not; the block runs all the same, and has to look
     */
    public @Nullable Held tryHold() {
        return tryAcquire() ? held : null;
    }

    /**
     * Gives a permit back, or one more than there were. Never blocks.
     *
     * @throws IllegalStateException if there are as many as there may be
     */
    public void release() {
        acquirers.lock();
        try {
            if (available == most) {
                throw new IllegalStateException(
                        "released once too often: all "
                                + most
                                + " permits are back; release only what was acquired");
            }
            if (!acquirers.wakeOne()) {
                available++;
                onlookers.wakeAll();
                acquirers.tellWatchers();
            }
        } finally {
            acquirers.unlock();
        }
    }

    /**
     * Waits until a permit is free, without taking it: somebody else may be quicker to do that.
     *
     * @throws InterruptedException if killed or timed out
     */
    public void awaitAvailable() throws InterruptedException {
        awaitAvailableUntil(Deadline.NEVER);
    }

    /**
     * As {@link #awaitAvailable()}.
     *
     * @return false if the time was over first
     */
    public boolean awaitAvailable(Duration timeout) throws InterruptedException {
        return awaitAvailableUntil(Deadline.in(timeout));
    }

    private boolean awaitAvailableUntil(long deadline) throws InterruptedException {
        acquirers.lock();
        try {
            return available > 0 || onlookers.await(new WaitLine.Waiter<>(), deadline, this);
        } finally {
            acquirers.unlock();
        }
    }

    /** Ready is a semaphore with a free permit; somebody else may be quicker to take it. */
    @Override
    public void watch(Runnable told) {
        acquirers.watch(() -> available > 0, told);
    }

    @Override
    public void unwatch(Runnable told) {
        acquirers.unwatch(told);
    }

    /** How many permits are free. */
    public int available() {
        return statistics().available();
    }

    public Statistics statistics() {
        acquirers.lock();
        try {
            return new Statistics(available, acquirers.size());
        } finally {
            acquirers.unlock();
        }
    }

    @Override
    public String toString() {
        return "semaphore, " + available() + " free";
    }
}
