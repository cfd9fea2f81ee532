package io.weft.queue;

import io.weft.Deadline;
import io.weft.WaitLine;

import java.time.Duration;

/**
 * A queue that knows when all its items have been worked off: each put is one task, which {@link
 * #taskDone()} ends (gevent: JoinableQueue). Any thread.
 *
 * <p>Differences from gevent: those of {@link Queue}; and {@link #taskDone()} once too often throws
 * an {@link IllegalStateException}.
 */
public final class JoinableQueue<E> extends Queue<E> {
    /**
     * What {@link #taskStatistics()} tells, beside {@link #statistics()}.
     *
     * @param unfinished how many items were put but not worked off
     * @param joiners how many wait for there to be none
     */
    public record TaskStatistics(int unfinished, int joiners) {}

    private final WaitLine<JoinableQueue<E>> joiners = lock.newLine();

    private int unfinished; // guarded by lock

    /** A queue without limit: put never blocks. */
    public JoinableQueue() {}

    /**
     * A queue of at most {@code capacity} items.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public JoinableQueue(int capacity) {
        super(capacity);
    }

    /**
     * Tells that an item that was got has been worked off.
     *
     * @throws IllegalStateException if that was told of all items already
     */
    public void taskDone() {
        lock.lock();
        try {
            if (unfinished == 0) {
                throw new IllegalStateException(
                        "taskDone() once too often: no item is unfinished; call it once for each"
                                + " get()");
            }
            finish(1);
        } finally {
            lock.unlock();
        }
    }

    private void finish(int count) {
        unfinished -= count;
        if (unfinished == 0) {
            joiners.wakeAll();
        }
    }

    @Override
    void accepted() {
        unfinished = Math.incrementExact(unfinished);
    }

    @Override
    void dropped(int count) {
        // a taskDone() that came before its get() has counted already
        finish(Math.min(count, unfinished));
    }

    /**
     * Waits until every item that was put has been worked off, or thrown away by {@link
     * #shutdown(boolean) shutdown(true)}.
     *
     * @throws InterruptedException if killed or timed out
     */
    public void join() throws InterruptedException {
        joinUntil(Deadline.NEVER);
    }

    /**
     * As {@link #join()}.
     *
     * @return false if the time was over first
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return joinUntil(Deadline.in(timeout));
    }

    private boolean joinUntil(long deadline) throws InterruptedException {
        lock.lock();
        try {
            return unfinished == 0 || joiners.await(new WaitLine.Waiter<>(), deadline, this);
        } finally {
            lock.unlock();
        }
    }

    /** How many items were put but not worked off. */
    public int unfinished() {
        return taskStatistics().unfinished();
    }

    public TaskStatistics taskStatistics() {
        lock.lock();
        try {
            return new TaskStatistics(unfinished, joiners.size());
        } finally {
            lock.unlock();
        }
    }
}
