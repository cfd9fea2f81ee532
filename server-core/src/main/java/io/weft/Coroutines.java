package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * What can be done with several coroutines at once (gevent: joinall, killall, iwait; asyncio:
 * gather, wait, as_completed). They may live on different loops. Any thread.
 *
 * <p>Where an order is that of the ends, those that had ended before the call come first, in the
 * order given. A coroutine that was never started never ends. When the caller is killed or times
 * out, the coroutines go on.
 *
 * <p>Differences from gevent: {@code killAll} waits only if it is given a time; {@code raise_error}
 * is a form of its own, {@link #joinAllOrThrow}; other things than coroutines are waited for by
 * {@link Select}.
 */
public final class Coroutines {
    private Coroutines() {}

    /**
     * Waits for the end of all.
     *
     * @return all, in the order in which they ended
     */
    public static <C extends Coroutine<?>> List<C> joinAll(Collection<? extends C> coroutines)
            throws InterruptedException {
        return joinAll(coroutines, null);
    }

    /**
     * As {@link #joinAll(Collection)}, for at most {@code timeout}; null for ever.
     *
     * @return those that have ended, in the order in which they did
     */
    public static <C extends Coroutine<?>> List<C> joinAll(
            Collection<? extends C> coroutines, @Nullable Duration timeout)
            throws InterruptedException {
        return joinAll(coroutines, timeout, Integer.MAX_VALUE);
    }

    /** As {@link #joinAll(Collection, Duration)}, until {@code count} have ended. */
    public static <C extends Coroutine<?>> List<C> joinAll(
            Collection<? extends C> coroutines, @Nullable Duration timeout, int count)
            throws InterruptedException {
        var ended = new ArrayList<C>();
        try (var completions = asCompleted(coroutines, timeout, count)) {
            for (C next; (next = completions.next()) != null; ) {
                ended.add(next);
            }
        }
        return ended;
    }

    /**
     * As {@link #joinAll(Collection)}, but no longer than until one fails (gevent: raise_error).
     *
     * @throws ExecutionException as soon as one has failed, as of its {@link Coroutine#get()}; the
     *     others go on. To be killed is not to fail.
     */
    public static <C extends Coroutine<?>> List<C> joinAllOrThrow(
            Collection<? extends C> coroutines) throws InterruptedException, ExecutionException {
        return joinAllOrThrow(coroutines, null, Integer.MAX_VALUE);
    }

    /**
     * As {@link #joinAllOrThrow(Collection)}, for at most {@code timeout}, null for ever, and until
     * {@code count} have ended.
     */
    public static <C extends Coroutine<?>> List<C> joinAllOrThrow(
            Collection<? extends C> coroutines, @Nullable Duration timeout, int count)
            throws InterruptedException, ExecutionException {
        var ended = new ArrayList<C>();
        try (var completions = asCompleted(coroutines, timeout, count)) {
            for (C next; (next = completions.next()) != null; ) {
                if (next.state() == Coroutine.State.FAILED) {
                    next.get();
                }
                ended.add(next);
            }
        }
        return ended;
    }

    /**
     * The values of all, in the order of the coroutines (asyncio: gather).
     *
     * @throws ExecutionException as soon as one has failed; the others go on
     * @throws java.util.concurrent.CancellationException as soon as one has been killed
     */
    public static <T extends @Nullable Object> List<T> getAll(
            Collection<? extends Coroutine<? extends T>> coroutines)
            throws InterruptedException, ExecutionException {
        try {
            return values(coroutines, null);
        } catch (TimeoutException e) {
            throw new IllegalStateException("there was no limit to time out", e);
        }
    }

    /**
     * As {@link #getAll(Collection)}.
     *
     * @throws TimeoutException if the time was over first
     */
    public static <T extends @Nullable Object> List<T> getAll(
            Collection<? extends Coroutine<? extends T>> coroutines, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        return values(coroutines, timeout);
    }

    private static <T extends @Nullable Object> List<T> values(
            Collection<? extends Coroutine<? extends T>> coroutines, @Nullable Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        int ended = 0;
        try (var completions = asCompleted(coroutines, timeout, Integer.MAX_VALUE)) {
            for (Coroutine<?> next; (next = completions.next()) != null; ended++) {
                if (!next.isSuccessful()) {
                    next.get();
                }
            }
        }
        if (ended < coroutines.size()) {
            throw new TimeoutException(
                    "only %d of %d coroutines have ended within %s"
                            .formatted(ended, coroutines.size(), timeout));
        }
        var values = new ArrayList<T>(ended);
        for (Coroutine<? extends T> coroutine : coroutines) {
            values.add(coroutine.get());
        }
        return values;
    }

    /**
     * Waits for the first end.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static <C extends Coroutine<?>> C joinAny(Collection<? extends C> coroutines)
            throws InterruptedException {
        try {
            return first(coroutines, null);
        } catch (TimeoutException e) {
            throw new IllegalStateException("there was no limit to time out", e);
        }
    }

    /**
     * As {@link #joinAny(Collection)}.
     *
     * @throws TimeoutException if the time was over first
     */
    public static <C extends Coroutine<?>> C joinAny(
            Collection<? extends C> coroutines, Duration timeout)
            throws InterruptedException, TimeoutException {
        return first(coroutines, timeout);
    }

    private static <C extends Coroutine<?>> C first(
            Collection<? extends C> coroutines, @Nullable Duration timeout)
            throws InterruptedException, TimeoutException {
        if (coroutines.isEmpty()) {
            throw new IllegalArgumentException(
                    "at least one coroutine is needed: none of none ever ends");
        }
        var ended = joinAll(coroutines, timeout, 1);
        if (ended.isEmpty()) {
            throw new TimeoutException(
                    "none of " + coroutines.size() + " coroutines has ended within " + timeout);
        }
        return ended.getFirst();
    }

    /** The coroutines in the order in which they end, each as soon as it does (gevent: iwait). */
    public static <C extends Coroutine<?>> Completions<C> asCompleted(
            Collection<? extends C> coroutines) {
        return asCompleted(coroutines, null, Integer.MAX_VALUE);
    }

    /**
     * As {@link #asCompleted(Collection)}; ends after {@code timeout} from now, null for never, and
     * after {@code count} coroutines.
     */
    public static <C extends Coroutine<?>> Completions<C> asCompleted(
            Collection<? extends C> coroutines, @Nullable Duration timeout, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("cannot wait for the end of " + count);
        }
        return new Completions<>(coroutines, Deadline.in(timeout), count);
    }

    /** Kills all, in their order. Does not wait, as {@link Coroutine#kill()} does not. */
    public static void killAll(Collection<? extends Coroutine<?>> coroutines) {
        coroutines.forEach(Coroutine::kill);
    }

    /**
     * Kills all, and waits for their ends (gevent: killall, which waits too).
     *
     * @return false if the time was over first
     */
    public static boolean killAll(Collection<? extends Coroutine<?>> coroutines, Duration timeout)
            throws InterruptedException {
        long deadline = Deadline.in(timeout); // refuses a negative one before anybody dies
        killAll(coroutines);
        try (var ends = new Arrivals<Coroutine<?>>(coroutines)) {
            while (ends.next(deadline) != null) {}
            return ends.left() == 0;
        }
    }
}
