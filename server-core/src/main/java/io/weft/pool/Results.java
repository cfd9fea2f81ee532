package io.weft.pool;

import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/**
 * The results of a map that is going on, for one pass (gevent: IMap, IMapUnordered). A feeder, a
 * coroutine of its own, starts the items; it waits while the group is full or the consumer too far
 * behind. Who leaves early closes it, so that no more items are started. Used by one thread.
 *
 * <p>{@link #next()} throws for an item that failed, and iteration can go on after it. If the items
 * themselves could not be had, or the map was killed, that is thrown last.
 */
public final class Results<R extends @Nullable Object> implements Iterable<R>, AutoCloseable {
    private final WaitQueue queue = new WaitQueue();
    private final boolean ordered;
    private final Semaphore room; // of the JDK: it parks the feeder like any other

    // guarded by queue
    private final PriorityQueue<Arrived<R>> arrived =
            new PriorityQueue<>(Comparator.comparingLong(Arrived::number));
    private @Nullable Coroutine<?> feeder;
    private long started;
    private long arrivals;
    private long taken;
    private boolean fed;
    private boolean closed;
    private @Nullable Outcome<R> last;

    // the consumer's
    private @Nullable Outcome<R> next;

    /** Its number is the item's if the results are ordered, else that of its arrival. */
    private record Arrived<R extends @Nullable Object>(long number, Outcome<R> outcome) {}

    private Results(int maxBuffered, boolean ordered) {
        if (maxBuffered < 1) {
            throw new IllegalArgumentException(
                    "at least one result must have room, but maxBuffered was " + maxBuffered);
        }
        this.room = new Semaphore(maxBuffered);
        this.ordered = ordered;
    }

    static <A extends @Nullable Object, R extends @Nullable Object> Results<R> of(
            Group group,
            Iterable<? extends A> items,
            Mapper<? super A, ? extends R> mapper,
            int maxBuffered,
            boolean ordered) {
        var results = new Results<R>(maxBuffered, ordered);
        results.feeder =
                group.feed(
                        () -> {
                            results.feed(group, items, mapper);
                            return null;
                        },
                        results::fed);
        return results;
    }

    // ---- the feeder's side

    private <A extends @Nullable Object> void feed(
            Group group, Iterable<? extends A> items, Mapper<? super A, ? extends R> mapper)
            throws InterruptedException, InterruptedIOException {
        try {
            for (A item : items) {
                room.acquire();
                Coroutine<Outcome<R>> member =
                        group.spawn(() -> Outcome.<R>of(() -> mapper.apply(item)));
                long number = start();
                member.watch(() -> arrive(number, member));
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            finish(new Outcome<>(null, e)); // the items could not be had
        }
    }

    private long start() {
        queue.lock();
        try {
            return started++;
        } finally {
            queue.unlock();
        }
    }

    private void arrive(long number, Coroutine<Outcome<R>> member) {
        Outcome<R> outcome = member.value();
        if (outcome == null) {
            Throwable exception = member.exception();
            outcome =
                    member.state() == Coroutine.State.KILLED || exception == null
                            ? Outcome.killed(member, exception)
                            : new Outcome<>(null, exception);
        }
        queue.lock();
        try {
            arrived.add(new Arrived<>(ordered ? number : arrivals, outcome));
            arrivals++;
            queue.wakeOne();
        } finally {
            queue.unlock();
        }
    }

    private void finish(Outcome<R> outcome) {
        queue.lock();
        try {
            last = outcome;
        } finally {
            queue.unlock();
        }
    }

    private void fed(Coroutine<?> ended) {
        queue.lock();
        try {
            if (ended.state() != Coroutine.State.SUCCEEDED && !closed) {
                last = Outcome.killed("the map", ended.exception());
            }
            fed = true;
            queue.wakeOne();
        } finally {
            queue.unlock();
        }
    }

    // ---- the consumer's side

    /**
     * What still comes. All iterators share one pass. As an iterator cannot throw what {@link
     * #next()} does, a failure comes as a {@link CompletionException} and a kill or timeout as a
     * {@link CancellationException}, each with its cause.
     */
    @Override
    public Iterator<R> iterator() {
        return new Unchecked<>(this);
    }

    private record Unchecked<R extends @Nullable Object>(Results<R> results)
            implements Iterator<R> {
        @Override
        public boolean hasNext() {
            try {
                return results.hasNext();
            } catch (InterruptedException e) {
                throw cancelled(e);
            }
        }

        @Override
        public R next() {
            try {
                return results.next();
            } catch (ExecutionException e) {
                throw new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                throw cancelled(e);
            }
        }

        private static CancellationException cancelled(InterruptedException cause) {
            var cancelled =
                    new CancellationException("waiting for a result: " + cause.getMessage());
            cancelled.initCause(cause);
            return cancelled;
        }
    }

    /** Waits for the next result; false if there are no more. */
    public boolean hasNext() throws InterruptedException {
        await(Deadline.NEVER);
        return next != null;
    }

    /**
     * As {@link #hasNext()}.
     *
     * @throws TimeoutException if the time was over first: whether there is one more is not known
     */
    public boolean hasNext(Duration timeout) throws InterruptedException, TimeoutException {
        if (!await(Deadline.in(timeout))) {
            throw new TimeoutException("no result has come within " + timeout);
        }
        return next != null;
    }

    /**
     * Waits for the next result.
     *
     * @throws ExecutionException if this item failed; go on with the others, or do not
     * @throws CancellationException if this item was killed
     * @throws NoSuchElementException if there are no more
     */
    public R next() throws InterruptedException, ExecutionException {
        return value(take());
    }

    /**
     * As {@link #next()}.
     *
     * @throws TimeoutException if the time was over first; the result can still be had
     */
    public R next(Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        hasNext(timeout);
        return next(); // which does not wait
    }

    /**
     * As {@link #next()} but without waiting: null if the next result is not there yet ({@code
     * next(Duration.ZERO)} tells it from a result that is null).
     */
    public @Nullable R tryNext() throws ExecutionException {
        if (next == null) {
            queue.lock();
            try {
                if (!advance()) {
                    return null;
                }
            } finally {
                queue.unlock();
            }
        }
        return value(takeNow());
    }

    private static <R extends @Nullable Object> R value(@Nullable Outcome<R> outcome)
            throws ExecutionException {
        if (outcome == null) {
            throw new NoSuchElementException("there are no more results");
        }
        return outcome.get();
    }

    /** The next outcome; null after the last. */
    @Nullable Outcome<R> take() throws InterruptedException {
        await(Deadline.NEVER);
        return takeNow();
    }

    private @Nullable Outcome<R> takeNow() {
        Outcome<R> outcome = next;
        next = null;
        return outcome;
    }

    /** From then on next is what comes, null after the last; false if the deadline came first. */
    private boolean await(long deadline) throws InterruptedException {
        if (next != null) {
            return true;
        }
        queue.lock();
        try {
            while (!advance()) {
                if (!queue.await(deadline, this)) {
                    return advance();
                }
            }
            return true;
        } finally {
            queue.unlock();
        }
    }

    /** False if what comes next is not known yet. */
    private boolean advance() {
        Arrived<R> first = arrived.peek();
        if (first != null && (!ordered || first.number == taken)) {
            arrived.remove();
            taken++;
            room.release();
            next = first.outcome;
            return true;
        }
        if (closed || (fed && taken == started)) {
            next = last;
            last = null;
            return true;
        }
        return false;
    }

    /** No more items are started; those that are go on, and their results can still be had. */
    @Override
    public void close() {
        Coroutine<?> starter;
        queue.lock();
        try {
            closed = true;
            starter = feeder;
        } finally {
            queue.unlock();
        }
        if (starter != null) {
            starter.kill();
        }
    }

    @Override
    public String toString() {
        return "results of a map";
    }
}
