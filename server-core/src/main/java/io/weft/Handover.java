package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * How a generator's body and its consumer take turns: one flag says whose turn it is, and what
 * crosses over is written before the flag and read after it. It knows nothing of the {@link
 * Generator}, whose garbage collection ends it.
 */
final class Handover<I extends @Nullable Object, O extends @Nullable Object>
        implements Generator.Yielder<I, O> {
    private final AtomicBoolean busy = new AtomicBoolean(); // one consumer at a time
    private Generator.@Nullable ValueBody<I, O> body;
    private volatile @Nullable Coroutine<?> coroutine; // once begun
    private volatile @Nullable Thread consumer;
    private volatile boolean bodysTurn;
    private volatile boolean ended;

    // to the body, with its turn
    private @Nullable I sent;
    private @Nullable Exception thrownIn;

    // to the consumer, with its turn
    private @Nullable O yielded;
    private @Nullable Object returned;
    private @Nullable Throwable failure;

    Handover(Generator.ValueBody<I, O> body) {
        this.body = body;
    }

    // ---- the consumer's side

    O send(@Nullable I value) throws InterruptedException, ExecutionException {
        if (value != null && coroutine == null && !ended) {
            throw new IllegalStateException(
                    "a value was sent to a generator that has not begun: no yield waits for it;"
                            + " call next() first");
        }
        return resume(value);
    }

    O resume(@Nullable I value) throws InterruptedException, ExecutionException {
        claim();
        try {
            return turn(value, null);
        } finally {
            busy.set(false);
        }
    }

    O throwInto(Exception exception) throws InterruptedException, ExecutionException {
        claim();
        try {
            if (coroutine == null) {
                end(); // nothing is there that could catch it
            }
            if (ended) {
                throw new ExecutionException(exception);
            }
            return turn(null, exception);
        } finally {
            busy.set(false);
        }
    }

    void close() {
        claim();
        try {
            if (ended) {
                return;
            }
            if (coroutine == null) {
                end();
                return;
            }
            var closed = new Generator.Closed();
            handOver(null, closed);
            awaitEndOfTurn();
            if (!ended) {
                throw new IllegalStateException(
                        "the generator was closed, but its body went on and yielded " + yielded);
            }
            Throwable thrown = failure;
            failure = null;
            if (thrown != null && !isItsEnd(thrown)) {
                throw new CompletionException(thrown);
            }
        } finally {
            busy.set(false);
        }
    }

    /** Whether the body has ended because it was told to. */
    private static boolean isItsEnd(Throwable thrown) {
        // a Closed, or a kill on top of it
        return Causes.match(thrown, t -> t instanceof InterruptedException);
    }

    boolean hasEnded() {
        return ended;
    }

    /** The generator is garbage. On the cleaner's thread, so it does not wait. */
    void abandon() {
        Coroutine<?> begun = coroutine;
        if (begun != null) {
            begun.kill();
        }
    }

    private void claim() {
        Loop loop = Loop.current();
        if (loop != null) {
            loop.checkMayBlock("a generator's body");
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the generator is running already: its body cannot resume it, and it has one"
                            + " consumer at a time");
        }
    }

    @SuppressWarnings("NullAway") // null only where O allows it
    private O turn(@Nullable I value, @Nullable Exception exception)
            throws InterruptedException, ExecutionException {
        if (!ended) {
            handOver(value, exception);
            InterruptedException interruption = awaitTurn();
            if (interruption != null) {
                failure = null; // it is the same one, which has gone through the body
                throw interruption;
            }
        }
        if (!ended) {
            O out = yielded;
            yielded = null;
            return out;
        }
        Throwable thrown = failure;
        Object last = returned;
        failure = null;
        returned = null;
        if (thrown != null) {
            throw new ExecutionException("the generator's body failed", thrown);
        }
        throw new Generator.Ended(last);
    }

    private void handOver(@Nullable I value, @Nullable Exception exception) {
        sent = value;
        thrownIn = exception;
        consumer = Thread.currentThread();
        bodysTurn = true;
        Coroutine<?> begun = coroutine;
        if (begun == null) {
            begun = new Coroutine<>(LoopGroup.currentOrNext(), "generator", this::runBody);
            coroutine = begun;
            begun.watch(this::bodyEnded);
            begun.start();
        } else {
            LockSupport.unpark(begun.thread);
        }
    }

    /** What has interrupted the consumer meanwhile; the body has been ended by it. */
    private @Nullable InterruptedException awaitTurn() {
        while (isBodysTurn()) {
            Parking.until(Deadline.NEVER, this);
            if (isBodysTurn() && Thread.interrupted()) {
                var interruption = Coroutine.interruption();
                endBody();
                return interruption;
            }
        }
        return null;
    }

    private void endBody() {
        Coroutine<?> begun = coroutine;
        if (begun != null) {
            begun.kill();
        }
        awaitEndOfTurn();
        if (!ended) { // it swallowed the kill and has yielded once more: nobody will ask again
            handOver(null, new Generator.Closed());
            awaitEndOfTurn();
        }
    }

    /** Not to be interrupted: an interrupt hurries the body up, and is kept. */
    private void awaitEndOfTurn() {
        boolean interrupted = false;
        while (isBodysTurn()) {
            Parking.until(Deadline.NEVER, this);
            if (Thread.interrupted()) {
                interrupted = true;
                abandon();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isBodysTurn() {
        return bodysTurn && !ended;
    }

    // ---- the body's side

    private @Nullable Object runBody() throws InterruptedException {
        var run = body;
        body = null;
        try {
            returned = run == null ? null : run.run(this);
        } catch (Throwable e) {
            failure = e;
        }
        return null;
    }

    /** However it came to its end, before its first run too. */
    private void bodyEnded() {
        end();
        bodysTurn = false;
        LockSupport.unpark(consumer);
    }

    private void end() {
        body = null;
        ended = true;
    }

    @Override
    @SuppressWarnings("NamedLikeContextualKeyword")
    public @Nullable I yield(O value) throws Exception {
        Coroutine<?> own = coroutine;
        if (own == null || own.thread != Thread.currentThread()) {
            throw new IllegalStateException(
                    "only the generator's own body can yield, but this is "
                            + Thread.currentThread());
        }
        yielded = value;
        bodysTurn = false;
        LockSupport.unpark(consumer);
        while (!bodysTurn) {
            Parking.until(Deadline.NEVER, this);
            if (!bodysTurn && Thread.interrupted()) {
                throw Coroutine.interruption();
            }
        }
        I in = sent;
        Exception exception = thrownIn;
        sent = null;
        thrownIn = null;
        if (exception != null) {
            throw exception;
        }
        return in;
    }

    @Override
    public String toString() {
        return "generator";
    }
}
