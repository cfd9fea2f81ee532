package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/**
 * Coroutines in the order in which they end, for one pass; made by {@link Coroutines#asCompleted}.
 * Who leaves early closes it, so that nothing stays behind at those that still run. Used by one
 * thread.
 *
 * <p>As its iterator cannot throw {@link InterruptedException}, a kill or timeout comes out as a
 * {@link CancellationException} that is caused by it.
 */
public final class Completions<C extends Coroutine<?>> implements Iterable<C>, AutoCloseable {
    private final Arrivals<C> arrivals;
    private final long deadline;
    private int wanted;
    private @Nullable C next;

    Completions(Collection<? extends C> coroutines, long deadline, int count) {
        this.arrivals = new Arrivals<>(coroutines);
        this.deadline = deadline;
        this.wanted = count;
    }

    /** What still comes. All iterators share one pass. */
    @Override
    public Iterator<C> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    return await() != null;
                } catch (InterruptedException e) {
                    var cancelled =
                            new CancellationException("waiting for an end: " + e.getMessage());
                    cancelled.initCause(e);
                    throw cancelled;
                }
            }

            @Override
            public C next() {
                C ended = hasNext() ? next : null;
                if (ended == null) {
                    throw new NoSuchElementException("no more coroutine has ended within the time");
                }
                next = null;
                return ended;
            }
        };
    }

    /** Waits for the next one to end; null when there is no more, or the time is over. */
    public @Nullable C next() throws InterruptedException {
        C ended = await();
        next = null;
        return ended;
    }

    private @Nullable C await() throws InterruptedException {
        if (next == null && wanted > 0) {
            next = arrivals.next(deadline);
            wanted = next == null ? 0 : wanted - 1;
            if (wanted == 0) {
                close();
            }
        }
        return next;
    }

    @Override
    public void close() {
        arrivals.close();
    }
}
