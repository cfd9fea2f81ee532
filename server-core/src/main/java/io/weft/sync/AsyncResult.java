package io.weft.sync;

import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.Selectable;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A value, or a failure, that comes once and that many wait for (gevent: AsyncResult). It can be
 * the link of a coroutine, whose outcome it then takes: {@code coroutine.link(result)}. Any thread.
 *
 * <p>Differences from gevent: the first outcome counts, later ones are refused instead of
 * overwriting what others may have read; a failure is thrown as the cause of an {@link
 * ExecutionException}; of a killed coroutine the outcome is a {@link CancellationException}, not a
 * value.
 */
public final class AsyncResult<T extends @Nullable Object>
        implements Consumer<Coroutine<? extends T>>, Selectable {
    /** What {@link #statistics()} tells. */
    public record Statistics(boolean done, int waiting) {}

    private final WaitQueue waiters = new WaitQueue();

    private volatile boolean done; // written under waiters

    // written before done, read after it
    private @Nullable T value;
    private @Nullable Throwable failure;

    /**
     * Sets the value and wakes all who wait.
     *
     * @return false if there was an outcome already; then it stays
     */
    public boolean set(T value) {
        return finish(value, null);
    }

    /**
     * Sets a failure, which is thrown to all who wait.
     *
     * @return false if there was an outcome already; then it stays
     */
    public boolean setException(Throwable failure) {
        return finish(null, Objects.requireNonNull(failure, "a failure"));
    }

    private boolean finish(@Nullable T result, @Nullable Throwable cause) {
        waiters.lock();
        try {
            if (done) {
                return false;
            }
            value = result;
            failure = cause;
            done = true;
            waiters.wakeAll();
            waiters.tellWatchers();
            return true;
        } finally {
            waiters.unlock();
        }
    }

    /**
     * Takes the outcome of a coroutine that has ended: this is what makes a result a link.
     *
     * @throws IllegalArgumentException if the coroutine has not ended
     */
    @Override
    @SuppressWarnings("NullAway") // the value is null only where T allows it
    public void accept(Coroutine<? extends T> ended) {
        switch (ended.state()) {
            case SUCCEEDED -> set(ended.value());
            case FAILED -> finish(null, ended.exception());
            case KILLED -> setException(cancellation(ended + " was killed", ended.exception()));
            case NEW, STARTED ->
                    throw new IllegalArgumentException(
                            ended + " has no outcome yet; use coroutine.link(result)");
        }
    }

    /**
     * Waits for the value.
     *
     * @throws ExecutionException if a failure was set; it is the cause
     * @throws CancellationException if what was to set the value was killed
     * @throws InterruptedException if the caller is killed or timed out
     */
    public T get() throws InterruptedException, ExecutionException {
        await();
        return outcome();
    }

    /**
     * As {@link #get()}.
     *
     * @throws TimeoutException if the time was over first
     */
    public T get(Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(timeout)) {
            throw new TimeoutException("no result was set within " + timeout);
        }
        return outcome();
    }

    /**
     * As {@link #get()} but without waiting: null if there is no outcome yet ({@link #isDone()}
     * tells it from a value that is null).
     */
    public @Nullable T tryGet() throws ExecutionException {
        return done ? outcome() : null;
    }

    /** Waits for an outcome, whatever it is. */
    public void await() throws InterruptedException {
        awaitUntil(Deadline.NEVER);
    }

    /**
     * As {@link #await()}.
     *
     * @return false if the time was over first
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitUntil(Deadline.in(timeout));
    }

    private boolean awaitUntil(long deadline) throws InterruptedException {
        if (done) {
            return true;
        }
        waiters.lock();
        try {
            return done || waiters.await(deadline, this);
        } finally {
            waiters.unlock();
        }
    }

    @SuppressWarnings("NullAway") // the value is null only where T allows it
    private T outcome() throws ExecutionException {
        Throwable cause = failure;
        if (cause instanceof CancellationException) {
            // one of its own for each who asks: with its stack trace beside the original's
            throw cancellation(cause.getMessage(), cause);
        } else if (cause != null) {
            throw new ExecutionException(cause);
        }
        return value;
    }

    private static CancellationException cancellation(
            @Nullable String message, @Nullable Throwable cause) {
        var cancelled = new CancellationException(message);
        cancelled.initCause(cause);
        return cancelled;
    }

    /** Whether there is an outcome (gevent: ready). */
    public boolean isDone() {
        return done;
    }

    /** Whether there is a value. */
    public boolean isSuccessful() {
        return done && failure == null;
    }

    /** The value; null if there is none yet, or none at all. */
    public @Nullable T value() {
        return done ? value : null;
    }

    /** The failure; null if there is none. */
    public @Nullable Throwable exception() {
        return done ? failure : null;
    }

    /** Ready is a result that has an outcome. */
    @Override
    public void watch(Runnable told) {
        waiters.watch(this::isDone, told);
    }

    @Override
    public void unwatch(Runnable told) {
        waiters.unwatch(told);
    }

    public Statistics statistics() {
        waiters.lock();
        try {
            return new Statistics(done, waiters.size());
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public String toString() {
        if (!done) {
            return "result, not set";
        }
        return failure == null ? "result " + value : "result, failed with " + failure;
    }
}
