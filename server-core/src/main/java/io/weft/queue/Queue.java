package io.weft.queue;

import io.weft.Deadline;
import io.weft.Selectable;
import io.weft.WaitLine;
import io.weft.WaitLine.Waiter;
import io.weft.WaitQueue;
import io.weft.Watchers;

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
 * overtake nobody. Therefore, whenever the lock is free:
 *
 * <pre>
 *   getters or peekers wait  ⇒  no items, no putters
 *   putters wait             ⇒  as many items as the capacity
 * </pre>
 *
 * <p>Iteration takes the items out, waiting for each, until the queue is shut down and empty; it
 * throws {@link java.util.concurrent.CancellationException} where {@link #get()} would throw {@link
 * InterruptedException}, which is its cause.
 *
 * <p>Differences from gevent: no item is null, as null tells "nothing within the time" where gevent
 * raises Empty, and false tells "no room" where it raises Full; a capacity of 0 is a {@link
 * Channel}; also correct across loops and threads.
 */
public sealed class Queue<E> implements Iterable<E>, Selectable
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

    final WaitQueue lock = new WaitQueue();
    private final WaitLine<E> getters = lock.newLine();
    private final WaitLine<E> peekers = lock.newLine();
    private final WaitLine<E> putters = lock.newLine();
    private final int capacity;

    // guarded by lock
    private final java.util.Queue<E> items;
    private boolean shutDown;
    private @Nullable Watchers watchers;

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
        this.capacity = capacity;
        this.items = items;
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

    private boolean putUntil(E item, long deadline) throws InterruptedException {
        requireItem(item);
        lock.lock();
        try {
            if (offer(item)) {
                return true;
            }
            if (items.isEmpty()) {
                showToPeekers(item); // a channel's item, which has no other place to be seen in
                tellWatchers();
            }
            var putter = new Waiter<E>(item);
            if (!putters.await(putter, deadline, this)) {
                return false;
            }
            if (putter.value != null) { // woken with the item still in hand
                throw shutDown("takes no more items");
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts an item into the queue if there is room for it.
     *
     * @throws QueueShutDownException if the queue was shut down
     */
    public boolean tryPut(E item) {
        requireItem(item);
        lock.lock();
        try {
            return offer(item);
        } finally {
            lock.unlock();
        }
    }

    private static void requireItem(@Nullable Object item) {
        Objects.requireNonNull(item, "an item; null is what an empty queue answers");
    }

    private boolean offer(E item) {
        if (shutDown) {
            throw shutDown("takes no more items");
        }
        Waiter<E> getter = getters.wakeOne();
        if (getter != null) {
            getter.value = item;
        } else if (items.size() < capacity) {
            items.add(item);
            tellWatchers();
        } else {
            return false;
        }
        showToPeekers(item);
        accepted();
        return true;
    }

    private void showToPeekers(E item) {
        for (Waiter<E> peeker; (peeker = peekers.wakeOne()) != null; ) {
            peeker.value = item;
        }
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

    private @Nullable E getUntil(long deadline) throws InterruptedException {
        lock.lock();
        try {
            E item = poll();
            return item == null ? awaitIn(getters, deadline) : item;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next item out; null if there is none.
     *
     * @throws QueueShutDownException if the queue was shut down and is empty
     */
    public @Nullable E tryGet() {
        lock.lock();
        try {
            return poll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable E poll() {
        E item = items.poll();
        Waiter<E> putter = putters.wakeOne();
        if (putter != null) {
            E next = putter.value;
            putter.value = null;
            if (item == null) {
                item = next;
            } else if (next != null) {
                items.add(next);
            }
            accepted();
        }
        return item == null ? requireOpen() : item;
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

    private @Nullable E peekUntil(long deadline) throws InterruptedException {
        lock.lock();
        try {
            E item = head();
            return item == null ? awaitIn(peekers, deadline) : item;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next item, which stays in the queue; null if there is none.
     *
     * @throws QueueShutDownException if the queue was shut down and is empty
     */
    public @Nullable E tryPeek() {
        lock.lock();
        try {
            return head();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable E head() {
        E item = items.peek();
        if (item == null) {
            Waiter<E> putter = putters.first();
            item = putter == null ? null : putter.value;
        }
        return item == null ? requireOpen() : item;
    }

    private @Nullable E awaitIn(WaitLine<E> line, long deadline) throws InterruptedException {
        var waiter = new Waiter<E>();
        if (!line.await(waiter, deadline, this)) {
            return null;
        }
        E item = waiter.value;
        return item == null ? requireOpen() : item; // woken without an item
    }

    /** Null, for nothing there, unless nothing will come any more. */
    private @Nullable E requireOpen() {
        if (shutDown) {
            throw shutDown("has no more items");
        }
        return null;
    }

    private QueueShutDownException shutDown(String what) {
        return new QueueShutDownException("the queue " + what + ": it was shut down");
    }

    /**
     * Ends the queue: nothing can be put any more, and who waits to put is refused; what is in it
     * can still be got, then getters are refused too. No effect the second time, except that {@code
     * immediate} still counts.
     *
     * @param immediate whether what is in the queue is thrown away
     */
    public void shutdown(boolean immediate) {
        lock.lock();
        try {
            shutDown = true;
            if (immediate) {
                dropped(items.size());
                items.clear();
            }
            putters.wakeAll();
            getters.wakeAll();
            peekers.wakeAll();
            tellWatchers();
        } finally {
            lock.unlock();
        }
    }

    private void tellWatchers() {
        if (watchers != null) {
            watchers.tell();
        }
    }

    /** Ready is a queue of which something can be got, or which was shut down. */
    @Override
    public void watch(Runnable told) {
        lock.lock();
        try {
            if (!items.isEmpty() || putters.size() > 0 || shutDown) {
                told.run();
                return;
            }
            if (watchers == null) {
                watchers = new Watchers();
            }
            watchers.add(told);
        } finally {
            lock.unlock();
        }
    }

    @Override
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

    public boolean isShutDown() {
        lock.lock();
        try {
            return shutDown;
        } finally {
            lock.unlock();
        }
    }

    /** An item was put: it is in the queue or with its getter. The lock is held. */
    void accepted() {}

    /** Items were thrown away. The lock is held. */
    void dropped(int count) {}

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
        lock.lock();
        try {
            return new Statistics(
                    items.size(), capacity, getters.size() + peekers.size(), putters.size());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        Statistics now = statistics();
        String limit = capacity == UNBOUNDED ? "" : " of " + capacity;
        return getClass().getSimpleName() + " of " + now.size() + limit;
    }
}
