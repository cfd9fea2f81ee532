package io.weft.queue;

import io.weft.WaitLine;
import io.weft.WaitLine.Waiter;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * How the items of a {@link Queue} go from hand to hand. A put gives its item to the first getter
 * and shows it to all peekers; only without a getter it goes among the items. A get takes the first
 * item and puts the first putter's in its place. Therefore, whenever the lock is free:
 *
 * <pre>
 *   getters or peekers wait  ⇒  no items, no putters
 *   putters wait             ⇒  as many items as the capacity
 * </pre>
 *
 * <p>The queue is the face of it, with the calls that users see. Any thread; what is private is
 * called with the lock held.
 */
abstract sealed class Exchange<E> permits Queue {
    final WaitQueue lock = new WaitQueue();
    private final WaitLine<E> getters = lock.newLine();
    private final WaitLine<E> peekers = lock.newLine();
    private final WaitLine<E> putters = lock.newLine();
    final int capacity;

    // guarded by lock
    private final java.util.Queue<E> items;
    private boolean shutDown;

    Exchange(int capacity, java.util.Queue<E> items) {
        this.capacity = capacity;
        this.items = items;
    }

    /** False if the deadline came first. */
    final boolean putUntil(E item, long deadline) throws InterruptedException {
        requireItem(item);
        lock.lock();
        try {
            if (offer(item)) {
                return true;
            }
            if (items.isEmpty()) {
                showToPeekers(item); // a channel's item, which has no other place to be seen in
                lock.tellWatchers();
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

    final boolean putNow(E item) {
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
            lock.tellWatchers();
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

    /** Null if the deadline came first. */
    final @Nullable E getUntil(long deadline) throws InterruptedException {
        lock.lock();
        try {
            E item = poll();
            return item == null ? awaitIn(getters, deadline) : item;
        } finally {
            lock.unlock();
        }
    }

    final @Nullable E getNow() {
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

    /** Null if the deadline came first. */
    final @Nullable E peekUntil(long deadline) throws InterruptedException {
        lock.lock();
        try {
            E item = head();
            return item == null ? awaitIn(peekers, deadline) : item;
        } finally {
            lock.unlock();
        }
    }

    final @Nullable E peekNow() {
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

    final void end(boolean immediate) {
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
            lock.tellWatchers();
        } finally {
            lock.unlock();
        }
    }

    final void addWatcher(Runnable told) {
        lock.watch(() -> !items.isEmpty() || putters.size() > 0 || shutDown, told);
    }

    final void removeWatcher(Runnable told) {
        lock.unwatch(told);
    }

    final boolean hasEnded() {
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

    final Queue.Statistics count() {
        lock.lock();
        try {
            return new Queue.Statistics(
                    items.size(), capacity, getters.size() + peekers.size(), putters.size());
        } finally {
            lock.unlock();
        }
    }
}
