package io.weft;

import io.weft.Coroutine.State;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The end of a coroutine: how far it is, what came of it, and those who wait for that, be it in a
 * {@code join}, as a link or as a watcher. It is the floor on which {@link Coroutine} stands and
 * not an object of its own, as a million parked coroutines would pay for a million of them; for the
 * same reason the queue of those who wait is made by the first of them. Any thread, but for {@link
 * #finish}.
 */
abstract class Ending<T extends @Nullable Object> {
    private static final VarHandle STATE = Handles.of(Ending.class, "state", State.class);
    private static final VarHandle WAITERS = Handles.of(Ending.class, "waiters", WaitQueue.class);

    volatile State state = State.NEW;
    private volatile @Nullable WaitQueue waiters; // made when the first one joins or links

    // written before state, read after it
    @Nullable T value;
    @Nullable Throwable failure;

    // guarded by waiters
    private @Nullable Links<Coroutine<T>> links;

    Ending() {}

    /** False if it was begun before, or has ended without. */
    final boolean begin() {
        return STATE.compareAndSet(this, State.NEW, State.STARTED);
    }

    final boolean hasEnded() {
        State now = state;
        return now != State.NEW && now != State.STARTED;
    }

    /**
     * Tells the outcome to all but the links, which are user code and run elsewhere. Once, on the
     * loop or after its end.
     */
    final void finish(State end, @Nullable T result, @Nullable Throwable cause) {
        value = result;
        failure = cause;
        state = end;
        WaitQueue queue = waiters;
        if (queue == null) {
            return;
        }
        queue.lock();
        try {
            queue.wakeAll();
            queue.tellWatchers();
        } finally {
            queue.unlock();
        }
    }

    /** What came of it, for those who wait for the value. */
    @SuppressWarnings("NullAway") // null only where T allows it
    final T result() throws ExecutionException {
        return switch (state) {
            case SUCCEEDED -> value;
            case FAILED -> throw new ExecutionException(this + " failed", failure);
            case KILLED -> {
                var killedEarlier = new CancellationException(this + " was killed");
                killedEarlier.initCause(failure);
                throw killedEarlier;
            }
            case NEW, STARTED -> throw new IllegalStateException(this + " has not ended");
        };
    }

    /** Waits for the end; false if the deadline came first. */
    final boolean awaitEnd(long deadline) throws InterruptedException {
        if (hasEnded()) {
            return true;
        }
        WaitQueue queue = waiters();
        queue.lock();
        try {
            return hasEnded() || queue.await(deadline, this) || hasEnded();
        } finally {
            queue.unlock();
        }
    }

    /** Whether the end was there already: then it is for the caller to have the links called. */
    final boolean addLink(Consumer<? super Coroutine<T>> link) {
        WaitQueue queue = waiters();
        queue.lock();
        try {
            if (links == null) {
                links = new Links<>();
            }
            links.add(link);
            return hasEnded();
        } finally {
            queue.unlock();
        }
    }

    final void removeLink(Consumer<? super Coroutine<T>> link) {
        WaitQueue queue = waiters;
        if (queue == null) {
            return;
        }
        queue.lock();
        try {
            if (links != null) {
                links.remove(link);
            }
        } finally {
            queue.unlock();
        }
    }

    /** The link to be called next, which is forgotten; null if there is none. */
    final @Nullable Consumer<? super Coroutine<T>> nextLink() {
        WaitQueue queue = waiters;
        if (queue == null) {
            return null;
        }
        queue.lock();
        try {
            return links == null ? null : links.next();
        } finally {
            queue.unlock();
        }
    }

    /** Whether somebody waits for the end, or has: only then there can be links. */
    final boolean isAwaited() {
        return waiters != null;
    }

    final void addWatcher(Runnable told) {
        waiters().watch(this::hasEnded, told);
    }

    final void removeWatcher(Runnable told) {
        WaitQueue queue = waiters;
        if (queue != null) {
            queue.unwatch(told);
        }
    }

    /** The first one is about to wait for the end. */
    void awaited() {}

    private WaitQueue waiters() {
        WaitQueue queue = waiters;
        if (queue == null) {
            queue = new WaitQueue();
            Object earlier = WAITERS.compareAndExchange(this, null, queue);
            if (earlier != null) {
                queue = (WaitQueue) earlier;
            } else {
                awaited();
            }
        }
        return queue;
    }
}
