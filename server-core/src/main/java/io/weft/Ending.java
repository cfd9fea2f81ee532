package io.weft;

import io.weft.Coroutine.State;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * How far a coroutine is, what came of it, and those who wait for that, be it in a {@code join}, as
 * a link or as a watcher. It is the floor on which {@link Coroutine} stands and not an object of
 * its own, as a million parked coroutines would pay for a million of them; for the same reason the
 * queue of those who wait is made by the first of them. Any thread, but for {@link #finish}.
 */
abstract class Ending<T extends @Nullable Object> implements Selectable {
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

    public State state() {
        return state;
    }

    /** Whether it has ended, in whichever way (gevent: ready). */
    public boolean isDone() {
        return hasEnded();
    }

    /** Whether it has ended with a value. */
    public boolean isSuccessful() {
        return state == State.SUCCEEDED;
    }

    /** The value; null before the end and if there is none. */
    public @Nullable T value() {
        return isSuccessful() ? value : null;
    }

    /** What it failed with or was killed by; null otherwise. */
    public @Nullable Throwable exception() {
        return hasEnded() ? failure : null;
    }

    /** Waits for the end. */
    public void join() throws InterruptedException {
        awaitEnd(Deadline.NEVER);
    }

    /** Waits for the end; false if the time was over first. */
    public boolean join(Duration timeout) throws InterruptedException {
        return awaitEnd(Deadline.in(timeout));
    }

    /**
     * Waits for the end; false if {@code limit}, which the caller has started, is reached first
     * (gevent: a Timeout given to join). It is heard then: nothing else throws it.
     *
     * @throws IllegalArgumentException if the limit is another coroutine's, or closed
     */
    public boolean join(Timeout limit) throws InterruptedException {
        return limit.join(this);
    }

    /**
     * Waits for the value.
     *
     * @throws ExecutionException if the body threw; its cause is what was thrown, with its own
     *     stack trace
     * @throws CancellationException if the coroutine was killed
     */
    public T get() throws InterruptedException, ExecutionException {
        awaitEnd(Deadline.NEVER);
        return result();
    }

    /**
     * As {@link #get()}.
     *
     * @throws TimeoutException if the time was over first; the coroutine goes on
     */
    public T get(Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!join(timeout)) {
            throw new TimeoutException(this + " has not ended within " + timeout);
        }
        return result();
    }

    /**
     * As {@link #get()}, within {@code limit}, which the caller has started (gevent: a Timeout
     * given to get).
     *
     * @throws Timeout.Expired that limit's own, if it is reached first; the coroutine goes on
     * @throws IllegalArgumentException if the limit is another coroutine's, or closed
     */
    public T get(Timeout limit) throws InterruptedException, ExecutionException {
        if (!limit.join(this)) {
            throw limit.expired();
        }
        return result();
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

    /**
     * Calls {@code link} in a coroutine of this loop when this one has ended, also if it has ended
     * already. Links are called in the order in which they were added; one that throws is reported
     * and the others are still called.
     */
    public void link(Consumer<? super Coroutine<T>> link) {
        boolean tooLate;
        WaitQueue queue = waiters();
        queue.lock();
        try {
            if (links == null) {
                links = new Links<>();
            }
            links.add(link);
            tooLate = hasEnded();
        } finally {
            queue.unlock();
        }
        if (tooLate) {
            startLinks();
        }
    }

    /** As {@link #link}, called only if this coroutine ends with a value. */
    public void linkValue(Consumer<? super Coroutine<T>> link) {
        link(Links.ifSuccessful(link));
    }

    /** As {@link #link}, called only if this coroutine fails or is killed. */
    public void linkException(Consumer<? super Coroutine<T>> link) {
        link(Links.ifUnsuccessful(link));
    }

    /** Takes a link out again, however it was added, if it has not been called yet. */
    public void unlink(Consumer<? super Coroutine<T>> link) {
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

    /** Ready is a coroutine that has ended; its links may not have been called yet. */
    @Override
    public void watch(Runnable told) {
        waiters().watch(this::hasEnded, told);
    }

    @Override
    public void unwatch(Runnable told) {
        WaitQueue queue = waiters;
        if (queue != null) {
            queue.unwatch(told);
        }
    }

    /** Has the links called that there are. Any thread. */
    abstract void startLinks();

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
