package io.weft.queue;

import io.weft.Deadline;
import io.weft.Selectable;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;

/**
 * A first-in first-out queue on which coroutines and threads wait (gevent: Queue). Any thread.
 *
 * <p>Items go from hand to hand: a put gives its item to the getter that has waited longest, and a
 * get from a full queue makes room for the putter that has waited longest, so that newcomers
 * overtake nobody.
 *
 * <p>Iteration takes the items out, waiting for each, until the queue is shut down and empty; it
 * throws {@link java.util.concurrent.CancellationException} where {@link #get()} would throw {@link
 * InterruptedException}, which is its cause.
 *
 * <p>Differences from gevent: no item is null, as null tells "nothing within the time" where gevent
 * raises Empty, and false tells "no room" where it raises Full; a capacity of 0 is a {@link
 * Channel}; also correct across loops and threads.
 */
public sealed class Queue<E> extends Exchange<E> implements Iterable<E>, Selectable
        permits Channel, JoinableQueue, LifoQueue, PriorityQueue {
    /**
     * What {@link #statistics()} tells.
     *
     * @param size items in the queue
     * @param capacity the most it holds; {@link Integer#MAX_VALUE} if unbounded
     * @param getters how many wait to get or peek
     * @param putters how many wait to put
     */
    public record Statistics(int size, int capacity, int getters, int putters) {}

    static final int UNBOUNDED = Integer.MAX_VALUE;

    /** A queue without limit: put never blocks. */
    public Queue() {
        this(UNBOUNDED, new ArrayDeque<>());
    }

    /**
     * A queue of at most {@code capacity} items.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public Queue(int capacity) {
        this(requireRoom(capacity), new ArrayDeque<>());
    }

    Queue(int capacity, java.util.Queue<E> items) {
        super(capacity, items);
    }

    static int requireRoom(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "a queue has room for 1 item or more, but was to have "
                            + capacity
                            + "; one without room is a Channel");
        }
        return capacity;
    }

    /**
     * Puts an item into the queue, waiting for room.
     *
     * @throws InterruptedException if killed or timed out; the item is not in the queue
     * @throws QueueShutDownException if the queue was shut down, before or while waiting
     */
    public void put(E item) throws InterruptedException {
        putUntil(item, Deadline.NEVER);
    }

    /**
     * As {@link #put(Object)}.
     *
     * @return false if the time was over first; the item is not in the queue
     */
    public boolean put(E item, Duration timeout) throws InterruptedException {
        return putUntil(item, Deadline.in(timeout));
    }

    /**
     * Puts an item into the queue if there is room for it.
     *
     * @throws QueueShutDownException if the queue was shut down
     */
    public boolean tryPut(E item) {
        return putNow(item);
    }

    /**
     * Takes the next item out, waiting for one.
     *
     * @throws InterruptedException if killed or timed out; no item was taken
     * @throws QueueShutDownException if the queue was shut down and is empty
     */
    public E get() throws InterruptedException {
        return Objects.requireNonNull(getUntil(Deadline.NEVER)); // never comes
    }

    /**
     * As {@link #get()}.
     *
     * @return null if the time was over first
     */
    public @Nullable E get(Duration timeout) throws InterruptedException {
        return getUntil(Deadline.in(timeout));
    }

    /**
     * Takes the next item out; null if there is none.
     *
     * @throws QueueShutDownException if the queue was shut down and is empty
     */
    public @Nullable E tryGet() {
        return getNow();
    }

    /**
     * The next item, which stays in the queue, waiting for one. Another may be quicker to get it.
     *
     * @throws InterruptedException if killed or timed out
     * @throws QueueShutDownException if the queue was shut down and is empty
     */
    public E peek() throws InterruptedException {
        return Objects.requireNonNull(peekUntil(Deadline.NEVER)); // never comes
    }

    /**
     * As {@link #peek()}.
     *
     * @return null if the time was over first
     */
    public @Nullable E peek(Duration timeout) throws InterruptedException {
        return peekUntil(Deadline.in(timeout));
    }

    /**
     * The next item, which stays in the queue; null if there is none.
     *
     * @throws QueueShutDownException if the queue was shut down and is empty
     */
    public @Nullable E tryPeek() {
        return peekNow();
    }

    /**
     * Ends the queue: nothing can be put any more, and who waits to put is refused; what is in it
     * can still be got, then getters are refused too. No effect the second time, except that {@code
     * immediate} still counts.
     *
     * @param immediate whether what is in the queue is thrown away
     */
    public void shutdown(boolean immediate) {
        end(immediate);
    }

    /** Ready is a queue of which something can be got, or which was shut down. */
    @Override
    public void watch(Runnable told) {
        addWatcher(told);
    }

    @Override
    public void unwatch(Runnable told) {
        removeWatcher(told);
    }

    public boolean isShutDown() {
        return hasEnded();
    }

    /** How many items are in the queue. */
    public int size() {
        return statistics().size();
    }

    /** The most items it holds; {@link Integer#MAX_VALUE} if unbounded. */
    public int capacity() {
        return capacity;
    }

    /** Whether no item is in the queue. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Whether the queue has no room: {@link #put(Object)} waits for a getter. */
    public boolean isFull() {
        return size() >= capacity;
    }

    /** Takes the items out, waiting for each, until the queue is shut down and empty. */
    @Override
    public Iterator<E> iterator() {
        return new Items<>(this);
    }

    public Statistics statistics() {
        return count();
    }

    @Override
    public String toString() {
        Statistics now = statistics();
        String limit = capacity == UNBOUNDED ? "" : " of " + capacity;
        return getClass().getSimpleName() + " of " + now.size() + limit;
    }
}
