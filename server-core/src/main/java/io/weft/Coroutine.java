package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.InterruptedIOException;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A function that runs by itself on a loop, switching to others only where it blocks (gevent:
 * Greenlet). Give it a body, or extend it and override {@link #run()}. Any thread, unless said
 * otherwise.
 *
 * <pre>
 *   NEW ──start──▶ STARTED ──┬─ returns ──▶ SUCCEEDED
 *    │                │      ├─ throws ───▶ FAILED      reported once in the log
 *    └──── kill ──────┴──────┴─ kill ─────▶ KILLED
 * </pre>
 *
 * <p>Differences from gevent: a coroutine is a virtual thread, so every blocking call of the JDK
 * inside it switches, with nothing to patch; kill is an interrupt, delivered once at the blocking
 * call in which the coroutine stands or comes to next; {@link #get()} of a killed one throws
 * instead of returning the exception.
 */
public class Coroutine<T extends @Nullable Object> implements Selectable {
    /** Where in its life a coroutine is. */
    public enum State {
        NEW,
        STARTED,
        SUCCEEDED,
        FAILED,
        KILLED
    }

    /**
     * How a kill is delivered; a timeout that expires at the same time must not take it for its
     * own.
     */
    static final class Killed extends InterruptedException {
        private static final long serialVersionUID = 1L;

        Killed(String message) {
            super(message);
        }
    }

    private static final AtomicLong IDS = new AtomicLong();
    private static final VarHandle STATE = Handles.of(Coroutine.class, "state", State.class);
    private static final VarHandle WAITERS =
            Handles.of(Coroutine.class, "waiters", WaitQueue.class);

    /**
     * Virtual threads that were started through the JDK in a coroutine, seen as coroutines
     * themselves.
     */
    private static final ThreadLocal<Coroutine<?>> ADOPTED = new ThreadLocal<>();

    private final Loop loop;
    private final long id = IDS.incrementAndGet();
    private final long parentId;
    private final long createdAt;
    private final @Nullable String name;

    private volatile State state = State.NEW;
    private volatile @Nullable WaitQueue waiters; // made when the first one joins or links

    // written before state, read after it
    private @Nullable T value;
    private @Nullable Throwable failure;

    // loop-confined
    private @Nullable Callable<T> body;
    private @Nullable Thread thread;
    private boolean entered;
    private boolean killed;
    private boolean killPending;
    private boolean reported = true;
    @Nullable Timeout timeouts; // innermost first

    // guarded by waiters
    private @Nullable Queue<Consumer<? super Coroutine<T>>> links;
    private @Nullable Watchers watchers;

    /** A coroutine of {@code loop} that runs {@code body} once started. */
    public Coroutine(Loop loop, @Nullable String name, Callable<T> body) {
        this.loop = loop;
        this.name = name;
        this.body = body;
        this.createdAt = loop.nanoTime();
        Coroutine<?> parent = currentIfKnown();
        this.parentId = parent == null ? 0 : parent.id;
    }

    /**
     * For subclasses, which override {@link #run()}: on the caller's loop, or the next one of the
     * shared group.
     */
    protected Coroutine() {
        this(LoopGroup.currentOrNext(), null);
    }

    /** For subclasses, which override {@link #run()}. */
    @SuppressWarnings("NullAway") // run() is overridden
    protected Coroutine(Loop loop, @Nullable String name) {
        this(loop, name, null);
    }

    /** What this coroutine does. */
    protected T run() throws Exception {
        Callable<T> call = body;
        if (call == null) {
            throw new IllegalStateException(
                    getClass().getName() + " has no body: override run() or give one");
        }
        body = null; // a parked coroutine shall not hold on to what its body has finished with
        return call.call();
    }

    /** The running coroutine; null on a thread that is none. */
    public static @Nullable Coroutine<?> current() {
        Coroutine<?> known = currentIfKnown();
        if (known != null) {
            return known;
        }
        Loop loop = Loop.current();
        Thread thread = Thread.currentThread();
        if (loop == null || !thread.isVirtual() || loop.hub().inEventLoop(thread)) {
            return null;
        }
        var adopted = new Coroutine<@Nullable Object>(loop, thread.getName(), () -> null);
        adopted.thread = thread;
        adopted.entered = true;
        adopted.state = State.STARTED;
        ADOPTED.set(adopted);
        return adopted;
    }

    private static @Nullable Coroutine<?> currentIfKnown() {
        Loop loop = Loop.current();
        if (loop == null) {
            return null;
        }
        Coroutine<?> own = loop.coroutineOf(Thread.currentThread());
        return own != null || loop.hub().inEventLoop() ? own : ADOPTED.get();
    }

    /**
     * Puts this coroutine at the end of its loop's ready queue.
     *
     * @throws IllegalStateException if it was started before
     */
    public Coroutine<T> start() {
        if (!STATE.compareAndSet(this, State.NEW, State.STARTED)) {
            if (state == State.KILLED) {
                return this;
            }
            throw new IllegalStateException(this + " was started before; a coroutine runs once");
        }
        Thread own = loop.newThread(name, this::enter);
        thread = own;
        own.start();
        return this;
    }

    /** The whole life, on this coroutine's own thread. */
    private void enter() {
        if (state != State.STARTED) {
            return; // killed before its first run
        }
        Thread own = Thread.currentThread();
        if (!loop.isCurrent() || loop.isStopping()) {
            finish(State.KILLED, null, new CancellationException(loop + " has ended"));
            runLinks();
            return;
        }
        entered = true;
        loop.register(own, this);
        try {
            finish(State.SUCCEEDED, run(), null);
        } catch (Throwable e) {
            if (killed && isInterruption(e)) {
                finish(State.KILLED, null, e);
            } else {
                report(e);
                finish(State.FAILED, null, e);
            }
        } finally {
            forgetInterrupts();
            runLinks();
            if (loop.isCurrent()) {
                loop.unregister(own);
            }
        }
    }

    /** The links shall not hear of a kill or a timeout that came too late for the body. */
    private void forgetInterrupts() {
        for (Timeout open; (open = timeouts) != null; ) {
            open.close();
        }
        Thread.interrupted();
    }

    private void report(Throwable e) {
        if (reported) {
            LoggerFactory.getLogger(Coroutine.class)
                    .error("{} failed with {}", this, e.toString(), e);
        }
    }

    private void finish(State end, @Nullable T result, @Nullable Throwable cause) {
        value = result;
        failure = cause;
        body = null;
        state = end;
        WaitQueue queue = waitersIfAny();
        if (queue == null) {
            return;
        }
        queue.lock();
        try {
            queue.wakeAll();
            if (watchers != null) {
                watchers.tell();
            }
        } finally {
            queue.unlock();
        }
    }

    /** For those who may not run user code, as the hub, or are no coroutine of this loop. */
    private void startLinks() {
        if (waitersIfAny() != null) {
            loop.newThread(null, this::runLinks).start();
        }
    }

    private void runLinks() {
        WaitQueue queue = waitersIfAny();
        while (queue != null) {
            Consumer<? super Coroutine<T>> link;
            queue.lock();
            try {
                link = links == null ? null : links.poll();
            } finally {
                queue.unlock();
            }
            if (link == null) {
                return;
            }
            try {
                link.accept(this);
            } catch (Throwable e) {
                LoggerFactory.getLogger(Coroutine.class)
                        .error("a link of {} failed with {}", this, e.toString(), e);
            }
        }
    }

    /**
     * Calls {@code link} in a coroutine of this loop when this one has ended, also if it has ended
     * already. Links are called in the order in which they were added; one that throws is reported
     * and the others are still called.
     */
    public void link(Consumer<? super Coroutine<T>> link) {
        WaitQueue queue = waiters();
        queue.lock();
        try {
            if (links == null) {
                links = new ArrayDeque<>();
            }
            links.add(link);
            if (!isDone()) {
                return;
            }
        } finally {
            queue.unlock();
        }
        startLinks();
    }

    /** As {@link #link}, called only if this coroutine ends with a value. */
    public void linkValue(Consumer<? super Coroutine<T>> link) {
        link(new LinkIf<>(link, true));
    }

    /** As {@link #link}, called only if this coroutine fails or is killed. */
    public void linkException(Consumer<? super Coroutine<T>> link) {
        link(new LinkIf<>(link, false));
    }

    private record LinkIf<C extends Coroutine<?>>(Consumer<? super C> link, boolean successful)
            implements Consumer<C> {
        @Override
        public void accept(C ended) {
            if (ended.isSuccessful() == successful) {
                link.accept(ended);
            }
        }
    }

    /** Takes a link out again, however it was added, if it has not been called yet. */
    public void unlink(Consumer<? super Coroutine<T>> link) {
        WaitQueue queue = waitersIfAny();
        if (queue == null) {
            return;
        }
        queue.lock();
        try {
            if (links == null) {
                return;
            }
            for (var each = links.iterator(); each.hasNext(); ) {
                var known = each.next();
                if (known.equals(link) || (known instanceof LinkIf<?> some && some.link == link)) {
                    each.remove();
                    return;
                }
            }
        } finally {
            queue.unlock();
        }
    }

    /** Ready is a coroutine that has ended; its links may not have been called yet. */
    @Override
    public void watch(Runnable told) {
        WaitQueue queue = waiters();
        queue.lock();
        try {
            if (!isDone()) {
                if (watchers == null) {
                    watchers = new Watchers();
                }
                watchers.add(told);
                return;
            }
        } finally {
            queue.unlock();
        }
        told.run();
    }

    @Override
    public void unwatch(Runnable told) {
        WaitQueue queue = waiters();
        queue.lock();
        try {
            if (watchers != null) {
                watchers.remove(told);
            }
        } finally {
            queue.unlock();
        }
    }

    /**
     * Ends this coroutine: the blocking call in which it stands, or comes to next, throws {@link
     * InterruptedException} (a connection's: {@link InterruptedIOException}), once. Killed before
     * its first run, it never runs. Does not wait; that is {@link #join()}. No effect on one that
     * has ended.
     */
    public void kill() {
        if (isDone()) {
            return;
        }
        if (loop.isCurrent() || loop.hasEnded()) {
            killHere();
        } else {
            try {
                loop.eventLoop().execute(this::killHere);
            } catch (java.util.concurrent.RejectedExecutionException e) {
                killHere(); // its loop has ended
            }
        }
    }

    private void killHere() {
        if (isDone()) {
            return;
        }
        killed = true;
        if (!entered) {
            finish(
                    State.KILLED,
                    null,
                    new CancellationException(this + " was killed before its first run"));
            startLinks();
        } else if (thread != null) {
            killPending = true;
            thread.interrupt();
        }
    }

    /** Waits for the end. */
    public void join() throws InterruptedException {
        joinUntil(Deadline.NEVER);
    }

    /** Waits for the end; false if the time was over first. */
    public boolean join(Duration timeout) throws InterruptedException {
        return joinUntil(Deadline.in(timeout));
    }

    private boolean joinUntil(long deadline) throws InterruptedException {
        if (isDone()) {
            return true;
        }
        WaitQueue queue = waiters();
        queue.lock();
        try {
            return isDone() || queue.await(deadline, this) || isDone();
        } finally {
            queue.unlock();
        }
    }

    /**
     * Waits for the value.
     *
     * @throws ExecutionException if the body threw; its cause is what was thrown, with its own
     *     stack trace
     * @throws CancellationException if the coroutine was killed
     */
    public T get() throws InterruptedException, ExecutionException {
        join();
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

    @SuppressWarnings("NullAway") // null only where T allows it
    private T result() throws ExecutionException {
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

    /**
     * For {@link Loop#call}: the value, or the very exception; the caller's interrupt ends this
     * coroutine.
     */
    T startAndAwait() throws Exception {
        reported = false;
        start();
        try {
            join();
        } catch (InterruptedException e) {
            killAndJoin(e);
        }
        if (failure instanceof Exception exception) {
            throw exception;
        } else if (failure instanceof Error error) {
            throw error;
        }
        return result();
    }

    /**
     * The caller was interrupted; if this was quicker, its result counts, and the interrupt comes
     * later.
     */
    private void killAndJoin(InterruptedException reason) throws InterruptedException {
        kill();
        var later = new ArrayDeque<InterruptedException>();
        while (!isDone()) {
            try {
                join();
            } catch (InterruptedException more) {
                later.add(more);
            }
        }
        boolean quicker = state == State.SUCCEEDED;
        if (quicker) {
            later.addFirst(reason);
        }
        later.forEach(Coroutine::deliverAgain);
        if (!quicker) {
            if (state == State.FAILED) {
                reason.addSuppressed(failure);
            }
            throw reason;
        }
    }

    /**
     * Undoes {@link #interruption()}: the next blocking call throws. On the waiting thread itself.
     */
    private static void deliverAgain(InterruptedException e) {
        if (e instanceof Timeout.Expired expired) {
            expired.timeout().undeliver();
        } else if (e instanceof Killed) {
            Coroutine<?> coroutine = current();
            if (coroutine != null) {
                coroutine.killPending = true;
            }
        }
        Thread.currentThread().interrupt();
    }

    /**
     * For authors of blocking calls: what to throw after {@link Thread#interrupted()} has returned
     * true, a kill or the {@link Timeout} it was for. On the waiting thread itself.
     */
    public static InterruptedException interruption() {
        Coroutine<?> coroutine = current();
        if (coroutine == null) {
            return new InterruptedException("interrupted");
        }
        if (coroutine.killPending) {
            coroutine.killPending = false;
            coroutine.interruptIfPending();
            return new Killed(coroutine + " was killed");
        }
        Timeout timeout = Timeout.outermostPending(coroutine.timeouts);
        if (timeout == null) {
            return new InterruptedException(coroutine + " was interrupted");
        }
        var expired = timeout.deliver();
        coroutine.interruptIfPending();
        return expired;
    }

    /** As {@link #interruption()}, for calls that throw {@link java.io.IOException}. */
    public static InterruptedIOException ioInterruption() {
        var cause = interruption();
        var exception = new InterruptedIOException(cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    /**
     * Interrupts the current thread, which this coroutine is, if a kill or a timeout has still to
     * be delivered.
     */
    void interruptIfPending() {
        if (killPending || Timeout.outermostPending(timeouts) != null) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A kill may have been delivered by a JDK call, which does not tell: no interrupt is there any
     * more.
     */
    void forgetDeliveredKill() {
        Thread own = thread;
        if (killPending && own != null && !own.isInterrupted()) {
            killPending = false;
        }
    }

    /** Whether an interrupt may be behind {@code e}: java.net makes a SocketException of one. */
    static boolean isInterruption(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof InterruptedException
                    || t instanceof InterruptedIOException
                    || t instanceof ClosedByInterruptException
                    || t instanceof SocketException) {
                return true;
            }
        }
        return false;
    }

    private @Nullable WaitQueue waitersIfAny() {
        return waiters;
    }

    private WaitQueue waiters() {
        WaitQueue queue = waiters;
        if (queue == null) {
            queue = new WaitQueue();
            Object earlier = WAITERS.compareAndExchange(this, null, queue);
            if (earlier != null) {
                queue = (WaitQueue) earlier;
            }
        }
        return queue;
    }

    public State state() {
        return state;
    }

    /** Whether it has ended, in whichever way (gevent: ready). */
    public boolean isDone() {
        State now = state;
        return now != State.NEW && now != State.STARTED;
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
        return isDone() ? failure : null;
    }

    public Loop loop() {
        return loop;
    }

    /** Unique in this process, counting from 1. */
    public long id() {
        return id;
    }

    /** The {@link #id()} of the coroutine that made this one; 0 if none did. */
    public long parentId() {
        return parentId;
    }

    /** When it was made, by {@link Loop#nanoTime()}. */
    public long createdAt() {
        return createdAt;
    }

    public @Nullable String name() {
        return name;
    }

    /** Its thread; null before the start. */
    public @Nullable Thread thread() {
        return thread;
    }

    @Override
    public String toString() {
        return name == null || name.isEmpty()
                ? "coroutine-" + id
                : "coroutine-" + id + " '" + name + "'";
    }
}
