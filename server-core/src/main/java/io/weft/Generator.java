package io.weft;

import org.jspecify.annotations.Nullable;

import java.lang.ref.Cleaner;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A body that hands out values one by one and takes one in for each, standing still in between
 * (Python: a generator with yield and send; greenlet: switch and throw). Body and consumer never
 * run at the same time: each waits while the other runs.
 *
 * <pre>{@code
 * try (var average = new Generator<Double, Double>(outside -> {
 *     double sum = 0;
 *     for (int count = 0; ; count++) {
 *         sum += outside.yield(count == 0 ? 0 : sum / count);
 *     }
 * })) {
 *     average.next();                 // runs to the first yield
 *     average.send(10.0);             // 10.0
 *     average.send(20.0);             // 15.0
 * }
 * }</pre>
 *
 * <pre>
 *   NEW ──next──▶ RUNNING ◀──next, send, throwInto──▶ WAITING
 *    │               └── body returns or throws ──▶ ENDED
 *    └── close, throwInto ─────────────────────────────▲
 * </pre>
 *
 * <p>The body is a coroutine of its own, on the loop of whoever starts it (from a plain thread: on
 * the next loop of the shared group), and may block as any other. A kill or a {@link Timeout} that
 * hits the consumer while the body runs goes through the body, as if the consumer had called it: it
 * ends the generator. One that is forgotten without {@link #close()} is closed when the garbage
 * collector finds it, unless its body refers to it. Any thread, but one consumer at a time.
 *
 * <p>Differences from Python and greenlet: what the body throws comes wrapped in an {@link
 * ExecutionException}, so that it has the traces of both sides; {@link Closed} is an {@link
 * InterruptedException}, as a kill is; the body may yield from where it likes, but only on its own
 * coroutine.
 */
public final class Generator<I extends @Nullable Object, O extends @Nullable Object>
        implements Iterable<O>, AutoCloseable {
    /** What a generator does. */
    @FunctionalInterface
    public interface Body<I extends @Nullable Object, O extends @Nullable Object> {
        /** Runs from the first {@link Generator#next()} on. */
        void run(Yielder<I, O> outside) throws Exception;
    }

    /** A body that returns a value at its end, for {@link Ended#value()}. */
    @FunctionalInterface
    public interface ValueBody<I extends @Nullable Object, O extends @Nullable Object> {
        /** Runs from the first {@link Generator#next()} on. */
        @Nullable Object run(Yielder<I, O> outside) throws Exception;
    }

    /** The body's side. */
    public interface Yielder<I extends @Nullable Object, O extends @Nullable Object> {
        /**
         * Hands {@code value} to the consumer and waits for its next call.
         *
         * @return what was sent; null if it was {@link Generator#next()}
         * @throws Closed if the generator is closed: leave the body
         * @throws Exception what the consumer has thrown in
         */
        @SuppressWarnings("NamedLikeContextualKeyword") // that is what it is
        @Nullable I yield(O value) throws Exception;
    }

    /** There is nothing more to come (Python: StopIteration). */
    public static final class Ended extends NoSuchElementException {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable Object value;

        Ended(@Nullable Object value) {
            super("the generator has ended");
            this.value = value;
        }

        /** What the body returned, the first time that its end is told; null afterwards. */
        public @Nullable Object value() {
            return value;
        }
    }

    /** Thrown from the body's yield by {@link Generator#close()} (Python: GeneratorExit). */
    public static final class Closed extends InterruptedException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("the generator was closed");
        }
    }

    private static final Cleaner FORGOTTEN =
            Cleaner.create(Daemons.named("weft-generators").factory());

    private final Handover<I, O> handover;

    /** A generator whose body has not begun. */
    public Generator(Body<I, O> body) {
        this(
                new Handover<I, O>(
                        outside -> {
                            body.run(outside);
                            return null;
                        }));
    }

    private Generator(Handover<I, O> handover) {
        this.handover = handover;
        FORGOTTEN.register(this, handover::abandon);
    }

    /** A generator whose body returns a value at its end. */
    public static <I extends @Nullable Object, O extends @Nullable Object>
            Generator<I, O> returning(ValueBody<I, O> body) {
        return new Generator<>(new Handover<I, O>(body));
    }

    /**
     * Runs the body to its next yield.
     *
     * @return what it yields
     * @throws Ended if it returns instead, or has ended before
     * @throws ExecutionException if it throws instead; the generator has ended then
     * @throws IllegalStateException if the body is running
     * @throws InterruptedException if the caller is killed or timed out; the generator has ended
     *     then
     */
    public O next() throws InterruptedException, ExecutionException {
        return handover.resume(null);
    }

    /**
     * As {@link #next()}, with {@code value} as what the body's yield returns.
     *
     * @throws IllegalStateException if the body has not begun: no yield of it waits for a value
     */
    public O send(I value) throws InterruptedException, ExecutionException {
        return handover.send(value);
    }

    /**
     * As {@link #next()}, but the body's yield throws {@code exception}. A body that has not begun
     * never does.
     */
    public O throwInto(Exception exception) throws InterruptedException, ExecutionException {
        return handover.throwInto(exception);
    }

    /**
     * Ends the body: its yield throws {@link Closed}, its finally blocks run, and this waits for
     * them. A body that has not begun never does. No effect on one that has ended.
     *
     * @throws IllegalStateException if the body yields again instead, or is running
     * @throws CompletionException if the body throws something else
     */
    @Override
    public void close() {
        handover.close();
    }

    /** Whether nothing more will come. */
    public boolean hasEnded() {
        return handover.hasEnded();
    }

    /**
     * What the body still yields. As an iterator cannot throw what {@link #next()} does, the body's
     * failure comes as a {@link CompletionException} and the caller's kill or timeout as a {@link
     * java.util.concurrent.CancellationException}, each with its cause.
     */
    @Override
    public Iterator<O> iterator() {
        return new GeneratorIterator<>(this);
    }
}
