package io.weft;

import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The calls that most programs need, made to be imported statically (gevent: the module itself).
 * Any thread, unless said otherwise.
 */
public final class Weft {
    private Weft() {}

    /**
     * Starts a loop, runs {@code main} as its first coroutine, and ends the loop when main has
     * ended: what main left running is killed (asyncio: run).
     *
     * @return main's value
     * @throws Exception what main threw
     * @throws IllegalStateException if called in a coroutine, where a loop runs already
     */
    public static <T extends @Nullable Object> T run(Callable<T> main) throws Exception {
        Loop current = Loop.current();
        if (current != null) {
            throw new IllegalStateException(
                    "Weft.run() starts a loop of its own, but its caller is on "
                            + current
                            + " already; call spawn(...) instead");
        }
        try (var group = LoopGroup.create(1)) {
            return group.next().call(main);
        }
    }

    /** As {@link #run(Callable)}, without a value. */
    public static void run(Action main) throws Exception {
        run(asCallable(main));
    }

    /**
     * Starts a coroutine on the caller's loop, or from a plain thread on the next loop of the
     * shared group.
     */
    public static <T extends @Nullable Object> Coroutine<T> spawn(Callable<T> body) {
        return LoopGroup.currentOrNext().spawn(body);
    }

    /** As {@link #spawn(Callable)}, without a value. */
    public static Coroutine<@Nullable Void> spawn(Action body) {
        return spawn(asCallable(body));
    }

    /**
     * The cheapest start, where {@link #spawn(Action)} would start it; see {@link Loop#spawnRaw}.
     */
    public static void spawnRaw(Action body) {
        LoopGroup.currentOrNext().spawnRaw(body);
    }

    /**
     * As {@link #spawn(Callable)}, started after {@code delay}; killed before that, it never runs
     * (gevent: spawn_later).
     */
    public static <T extends @Nullable Object> Coroutine<T> spawnLater(
            Duration delay, Callable<T> body) {
        return LoopGroup.currentOrNext().spawnLater(delay, body);
    }

    /** As {@link #spawnLater(Duration, Callable)}, without a value. */
    public static Coroutine<@Nullable Void> spawnLater(Duration delay, Action body) {
        return spawnLater(delay, asCallable(body));
    }

    /**
     * Waits; zero is {@link #yieldNow()}. In a coroutine the timer is the loop's own; coroutines
     * that sleep until the same moment wake in the order in which they went to sleep. On a plain
     * thread it is {@link Thread#sleep}.
     *
     * @throws InterruptedException if killed or timed out
     */
    public static void sleep(Duration duration) throws InterruptedException {
        long nanos = Deadline.nanos(duration);
        if (nanos == 0) {
            yieldNow();
            return;
        }
        long deadline = Deadline.in(duration);
        while (!Deadline.isPast(deadline)) {
            Parking.until(deadline, duration);
            if (Thread.interrupted()) {
                throw Coroutine.interruption();
            }
        }
    }

    /**
     * Goes to the back of the ready queue: everyone who is ready runs once first (gevent:
     * sleep(0)).
     *
     * @throws InterruptedException if killed or timed out
     */
    @SuppressWarnings({
        "ThreadPriorityCheck", // the scheduler is our own
        "NamedLikeContextualKeyword" // so is Thread's
    })
    public static void yieldNow() throws InterruptedException {
        Loop loop = Loop.current();
        if (loop != null) {
            loop.checkMayBlock("yieldNow()");
        }
        Thread.yield();
        if (Thread.interrupted()) {
            throw Coroutine.interruption();
        }
    }

    /**
     * Waits for a future of Netty's.
     *
     * @throws ExecutionException if it failed
     * @throws java.util.concurrent.CancellationException if it was cancelled
     * @throws InterruptedException if killed or timed out; the future goes on
     */
    public static <T extends @Nullable Object> T await(Future<T> future)
            throws InterruptedException, ExecutionException {
        FutureWait.await(future, Deadline.NEVER);
        return outcome(future);
    }

    /**
     * As {@link #await(Future)}.
     *
     * @throws TimeoutException if the time was over first; the future goes on
     */
    public static <T extends @Nullable Object> T await(Future<T> future, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!FutureWait.await(future, Deadline.in(timeout))) {
            throw late(future, timeout);
        }
        return outcome(future);
    }

    private static <T extends @Nullable Object> T outcome(Future<T> done)
            throws InterruptedException, ExecutionException {
        if (!done.isSuccess() && !done.isCancelled()) {
            throw new ExecutionException(done.cause());
        }
        return done.get();
    }

    /** As {@link #await(Future)}, for a stage of the JDK's. */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException {
        var future = stage.toCompletableFuture();
        FutureWait.await(future, Deadline.NEVER);
        return future.get();
    }

    /** As {@link #await(Future, Duration)}, for a stage of the JDK's. */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        var future = stage.toCompletableFuture();
        if (!FutureWait.await(future, Deadline.in(timeout))) {
            throw late(future, timeout);
        }
        return future.get();
    }

    private static TimeoutException late(Object future, Duration timeout) {
        return new TimeoutException(future + " was not done within " + timeout);
    }

    static Callable<@Nullable Void> asCallable(Action action) {
        return () -> {
            action.run();
            return null;
        };
    }
}
