package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Coroutines that live no longer than the block that has started them (trio: nursery; the JDK's JEP
 * 505: StructuredTaskScope). The block does not end before they have; the first that fails cancels
 * the others, and its failure is thrown, theirs suppressed.
 *
 * <pre>{@code
 * try (var nursery = Nursery.open()) {
 *     var user = nursery.spawn(() -> findUser(id));
 *     var order = nursery.spawn(() -> fetchOrder(id));
 *     nursery.join();
 *     return new Answer(user.get(), order.get());
 * }
 * }</pre>
 *
 * <p>A kill of the owner, and a limit around the block, reach all children at once, and what the
 * block ends with is theirs, as of any block. So a deadline is a {@link Timeout} around it.
 *
 * <p>Java does not tell {@link #close()} what the block has ended with. So a block as above, if it
 * ends by an exception of its own, still waits for its children, as one with an ExecutorService
 * does, and a failure among these does not interrupt it: it is for blocks that only spawn and join.
 * Where the body works too, give it to {@link #run} or {@link #call}: its exception cancels the
 * children, and a failing child, or {@link #cancel()}, interrupts it.
 *
 * <pre>{@code
 * Nursery.run(nursery -> {
 *     nursery.spawn(() -> writeAll(inbox, connection));
 *     for (String line; (line = connection.readLine(1024)) != null; ) {
 *         ...
 *     }
 *     nursery.cancel();
 * });
 * }</pre>
 *
 * <p>Children run on the owner's loop, or on all of a {@link LoopGroup} in turn. The owner need be
 * no coroutine: then the loop is the shared group's next one, an interrupt of the thread is what a
 * kill is, and its body is not interrupted by its children. {@link #join} and {@link #close} are
 * the owner's; everything else may be called by any thread.
 *
 * <p>Cancelled children are killed. One that swallows that and goes on is killed again every
 * second, once its owner waits for it. One that somebody else kills has not failed, as in trio and
 * asyncio: the others go on, and {@link Coroutine#get()} says so.
 *
 * <p>Differences from trio: a single failure comes as an {@link ExecutionException}, as of {@link
 * Coroutine#get()}, with the others suppressed, and not as a group; what a child ends with after it
 * was cancelled is no failure, whatever it is but an {@link Error}; children have values. From the
 * JDK: {@link #close()} joins where the owner has not, children may spawn too, an owner may join
 * again; scoped values are not inherited; a child that was killed by somebody does not fail. From
 * gevent, which has only {@code Group.join(raise_error)}: nobody outlives the block. {@link
 * io.weft.pool.Group} is for members that come and go, and outlive who has started them.
 */
public final class Nursery implements AutoCloseable {
    /** A body without a value. */
    @FunctionalInterface
    public interface Body {
        void run(Nursery nursery) throws Exception;
    }

    /** A body with a value. */
    @FunctionalInterface
    public interface ValueBody<T extends @Nullable Object> {
        T call(Nursery nursery) throws Exception;
    }

    private final Thread owner = Thread.currentThread();
    private final Supplier<Loop> place;
    private final Brood brood = new Brood();

    // the owner's
    private final @Nullable NurseryScope scope; // null if that is no coroutine
    private @Nullable ExecutionException told; // what join has thrown

    private Nursery(Supplier<Loop> place, boolean reachesBody) {
        this.place = place;
        Coroutine<?> coroutine = Loop.current() == null ? null : Timeout.caller("a nursery");
        scope = coroutine == null ? null : new NurseryScope(this, brood, coroutine, reachesBody);
    }

    private static Supplier<Loop> oneLoop() {
        Loop loop = LoopGroup.currentOrNext();
        return () -> loop;
    }

    /** A nursery on the owner's loop, to be closed by the caller, its owner. */
    public static Nursery open() {
        return new Nursery(oneLoop(), false);
    }

    /** As {@link #open()}, over the loops of {@code loops} in turn, to use all cores. */
    public static Nursery open(LoopGroup loops) {
        return new Nursery(loops::next, false);
    }

    /**
     * Runs {@code body} with a nursery on the caller's loop, and waits for the children. Ends
     * without an exception where {@link #cancel()} has ended the body.
     *
     * @throws ExecutionException if a child has failed; what came of the body then is suppressed
     * @throws InterruptedException if killed or timed out, whatever the children have made of it
     * @throws Exception what the body threw of its own; failures of the children are suppressed
     */
    public static void run(Body body) throws Exception {
        new Nursery(oneLoop(), true).live(valueless(body));
    }

    /** As {@link #run(Body)}, over the loops of {@code loops} in turn. */
    public static void run(LoopGroup loops, Body body) throws Exception {
        new Nursery(loops::next, true).live(valueless(body));
    }

    /**
     * As {@link #run(Body)}, for the body's value.
     *
     * @throws CancellationException if {@link #cancel()} has ended the body before it had one
     */
    public static <T extends @Nullable Object> T call(ValueBody<T> body) throws Exception {
        return valued(new Nursery(oneLoop(), true), body);
    }

    /** As {@link #call(ValueBody)}, over the loops of {@code loops} in turn. */
    public static <T extends @Nullable Object> T call(LoopGroup loops, ValueBody<T> body)
            throws Exception {
        return valued(new Nursery(loops::next, true), body);
    }

    private static ValueBody<@Nullable Void> valueless(Body body) {
        return nursery -> {
            body.run(nursery);
            return null;
        };
    }

    @SuppressWarnings("NullAway") // null only where T allows it
    private static <T extends @Nullable Object> T valued(Nursery nursery, ValueBody<T> body)
            throws Exception {
        var ended = new Object[1];
        Throwable why =
                nursery.live(
                        self -> {
                            ended[0] = body.call(self);
                            return null;
                        });
        if (why != null) {
            var none = new CancellationException(nursery + " was cancelled before it had a value");
            none.initCause(why);
            throw none;
        }
        @SuppressWarnings("unchecked") // the body's
        T value = (T) ended[0];
        return value;
    }

    /** The whole life; returns what a cancelled body has ended with, null if it has not. */
    private @Nullable Throwable live(ValueBody<?> body) throws Exception {
        Throwable thrown = null;
        try {
            body.call(this);
        } catch (Throwable e) {
            thrown = e;
            brood.cancel();
        }
        boolean own = thrown instanceof Exception e && scope != null && scope.owns(e);
        boolean misnested = scope != null && scope.leave();
        InterruptedException interruption = awaitLast();
        ExecutionException failure = brood.takeFailure();
        if (thrown != null && !own) {
            if (interruption != null) {
                Thread.currentThread().interrupt(); // not lost with what is caught around
            }
            throw asException(with(failure, thrown));
        }
        if (interruption != null) {
            throw with(failure, interruption);
        }
        if (failure == null && thrown != null) {
            failure = told;
        }
        if (failure != null) {
            throw with(thrown, failure);
        }
        checkNested(misnested);
        return thrown;
    }

    private static <E extends Throwable> E with(@Nullable Throwable suppressed, E thrown) {
        if (suppressed != null && suppressed != thrown) {
            thrown.addSuppressed(suppressed);
        }
        return thrown;
    }

    private static Exception asException(Throwable thrown) {
        return switch (thrown) {
            case Exception e -> e;
            case Error e -> throw e;
            default -> new ExecutionException(thrown);
        };
    }

    /**
     * Starts a child. If the nursery is cancelled, it is killed before its first run.
     *
     * @throws IllegalStateException if the nursery is closed
     */
    public <T extends @Nullable Object> Coroutine<T> spawn(Callable<T> body) {
        return spawn(body, this::failed);
    }

    /** As {@link #spawn(Callable)}, without a value. */
    public Coroutine<@Nullable Void> spawn(Action body) {
        return spawn(Weft.asCallable(body));
    }

    /** As {@link #spawn(Callable)}; a failure goes to {@code failed} and cancels nobody. */
    <T extends @Nullable Object> Coroutine<T> spawn(
            Callable<T> body, BiConsumer<Coroutine<?>, Throwable> failed) {
        var child =
                new Coroutine<T>(place.get(), null, body) {
                    @Override
                    void report(Throwable e) {
                        failed.accept(this, e);
                    }
                };
        if (!brood.add(child)) {
            throw new IllegalStateException(
                    this + " is closed: what it starts must end before its block does");
        }
        return brood.start(child);
    }

    private void failed(Coroutine<?> child, Throwable failure) {
        brood.failed(child, failure);
        cancel();
    }

    /**
     * Ends the block: kills the children, those yet to come too, and interrupts the body given to
     * {@link #run} or {@link #call}. Nobody has failed by that. Does not wait (trio:
     * cancel_scope.cancel).
     */
    public void cancel() {
        brood.cancel();
        if (scope != null) {
            scope.strikeBody();
        }
    }

    /** Whether it has been cancelled, by whomever: a failure, the owner's kill, a limit. */
    public boolean isCancelled() {
        return brood.isCancelled();
    }

    /**
     * Waits for the end of all children, those that come meanwhile too; there may be more after it.
     * By the owner.
     *
     * @throws ExecutionException if one has failed and no call has said so; the others have been
     *     cancelled
     * @throws InterruptedException if killed or timed out. If that was meant for the whole block,
     *     the children were killed and have ended; a limit that began inside ends only this call.
     */
    public void join() throws InterruptedException, ExecutionException {
        join(Deadline.NEVER);
    }

    /** As {@link #join()}; false if the time was over first, and the children go on. */
    public boolean join(Duration timeout) throws InterruptedException, ExecutionException {
        return join(Deadline.in(timeout));
    }

    private boolean join(long deadline) throws InterruptedException, ExecutionException {
        checkOwner("join()");
        InterruptedException interruption = null;
        boolean ownHeard = false;
        boolean none = false;
        try {
            while (!none && !Deadline.isPast(deadline)) {
                try {
                    none = brood.awaitNone(deadline, false);
                } catch (InterruptedException e) {
                    if (scope != null && scope.owns(e)) {
                        ownHeard = true; // the body is to hear of it at its next wait
                    } else if (scope != null && !scope.isStruckAround()) {
                        throw e;
                    } else {
                        interruption = interruption == null ? e : interruption;
                        brood.cancel();
                    }
                }
            }
        } finally {
            if (ownHeard) {
                Thread.currentThread().interrupt();
            }
        }
        interruption = interruption == null ? pending() : interruption;
        ExecutionException failure = brood.takeFailure();
        if (interruption != null) {
            throw with(failure, interruption);
        }
        if (failure != null) {
            told = failure;
            throw failure;
        }
        return none || brood.awaitNone(deadline, false);
    }

    /** A strike around the block has ended the children before the owner has heard of it. */
    private @Nullable InterruptedException pending() {
        return scope != null && scope.isStruckAround() && Thread.interrupted()
                ? Coroutine.interruption()
                : null;
    }

    /** As long as it takes; returns what was meant to interrupt that. */
    private @Nullable InterruptedException awaitLast() {
        InterruptedException interruption = null;
        for (boolean none = false; !none; ) {
            try {
                none = brood.awaitNone(Deadline.NEVER, true);
            } catch (InterruptedException e) {
                interruption = interruption == null ? e : interruption;
                brood.cancel();
            }
        }
        return interruption == null ? pending() : interruption;
    }

    /**
     * Waits for the end of all children; then it is closed. By the owner. Whatever interrupts the
     * owner meanwhile cancels the children, and is not heard by that: it would be lost beside an
     * exception of the block. The next blocking call throws it.
     *
     * @throws ExecutionException if a child has failed and no call has said so
     * @throws CancellationException if killed or timed out while it waited
     */
    @Override
    public void close() throws ExecutionException {
        checkOwner("close()");
        boolean misnested = scope != null && scope.leave();
        InterruptedException interruption = awaitLast();
        ExecutionException failure = brood.takeFailure();
        if (interruption != null) {
            Thread.currentThread().interrupt();
            var ended = new CancellationException(this + " was cancelled with its owner");
            ended.initCause(interruption);
            throw with(failure, ended);
        }
        if (failure != null) {
            throw failure;
        }
        checkNested(misnested);
    }

    private void checkNested(boolean misnested) {
        if (misnested) {
            throw new IllegalStateException(
                    this
                            + " was closed before the limits and nurseries opened inside it, which"
                            + " are closed now");
        }
    }

    private void checkOwner(String call) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    call
                            + " of "
                            + this
                            + " is for its owner alone, not for "
                            + Thread.currentThread());
        }
    }

    @Override
    public String toString() {
        return "nursery of " + (scope == null ? owner : scope.coroutine);
    }
}
