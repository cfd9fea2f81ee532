package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * A {@link Nursery} for one value, whoever has it first: the first child that returns one cancels
 * the others, and the body with them (JEP 505: Joiner.anySuccessfulResultOrThrow). A child that
 * fails cancels nobody; if all have, the first failure is thrown, the others suppressed.
 *
 * <pre>{@code
 * var connection = Race.<Connection>call(race -> {
 *     for (var address : addresses) {
 *         race.spawn(() -> Connection.connect(address, limit));
 *         Weft.sleep(Duration.ofMillis(250));
 *     }
 * });
 * }</pre>
 *
 * <p>A value that comes second is dropped: who has something to close must see to that.
 *
 * <p>Differences from the JDK: the call returns when all have ended, not before. Any thread.
 */
public final class Race<T extends @Nullable Object> {
    /** What starts those who take part. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        void run(Race<T> race) throws Exception;
    }

    private record Won<T extends @Nullable Object>(T value) {}

    private final Nursery nursery;

    // guarded by this
    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable Won<T> won;
    private boolean started;

    private Race(Nursery nursery) {
        this.nursery = nursery;
    }

    /**
     * The first value of {@code bodies}, which run on the caller's loop.
     *
     * @throws ExecutionException if all have failed
     * @throws CancellationException if none has a value because somebody has killed it
     * @throws NoSuchElementException if there are none
     * @throws InterruptedException if killed or timed out; so were all
     */
    public static <T extends @Nullable Object> T of(
            Collection<? extends Callable<? extends T>> bodies) throws Exception {
        return call(race -> bodies.forEach(race::spawn));
    }

    /** As {@link #of}, of those that {@code body} spawns; what that throws cancels all. */
    public static <T extends @Nullable Object> T call(Body<T> body) throws Exception {
        var races = new ArrayList<Race<T>>(1);
        Nursery.run(nursery -> body.run(enter(nursery, races)));
        return races.getFirst().result();
    }

    /** As {@link #call(Body)}, over the loops of {@code loops} in turn. */
    public static <T extends @Nullable Object> T call(LoopGroup loops, Body<T> body)
            throws Exception {
        var races = new ArrayList<Race<T>>(1);
        Nursery.run(loops, nursery -> body.run(enter(nursery, races)));
        return races.getFirst().result();
    }

    private static <T extends @Nullable Object> Race<T> enter(
            Nursery nursery, List<Race<T>> races) {
        var race = new Race<T>(nursery);
        races.add(race);
        return race;
    }

    /**
     * Starts one more that takes part; too late, it is killed before its first run.
     *
     * @throws IllegalStateException if the race is over and its block has ended
     */
    public Coroutine<T> spawn(Callable<? extends T> body) {
        synchronized (this) {
            started = true;
        }
        return nursery.spawn(() -> win(body.call()), (_, failure) -> lose(failure));
    }

    private T win(T value) {
        boolean first;
        synchronized (this) {
            first = won == null;
            if (first) {
                won = new Won<>(value);
            }
        }
        if (first) {
            nursery.cancel();
        }
        return value;
    }

    private synchronized void lose(Throwable failure) {
        failures.add(failure);
    }

    private synchronized T result() throws ExecutionException {
        if (won != null) {
            return won.value;
        }
        if (!failures.isEmpty()) {
            Throwable first = failures.getFirst();
            var lost = new ExecutionException("all have failed", first);
            failures.stream().skip(1).filter(more -> more != first).forEach(lost::addSuppressed);
            throw lost;
        }
        if (started) {
            throw new CancellationException("all were killed before one had a value");
        }
        throw new NoSuchElementException("nobody was started who could have a value");
    }
}
