package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
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
 * <p>Differences from gevent: a coroutine is a virtual thread, so what blocks a virtual thread in
 * the JDK (sockets, locks, queues, sleep; not file I/O) switches, with nothing to patch; kill is an
 * interrupt, delivered once at the blocking call in which the coroutine stands or comes to next;
 * {@link #get()} of a killed one throws instead of returning the exception.
 */
public class Coroutine<T extends @Nullable Object> extends Ending<T> {
    /** Where in its life a coroutine is. */
    public enum State {
        NEW,
        STARTED,
        SUCCEEDED,
        FAILED,
        KILLED
    }

    private static final AtomicLong IDS = new AtomicLong();

    private final Loop loop;
    private final long id = IDS.incrementAndGet();
    private final long parentId;
    private final long createdAt;
    private final @Nullable String name;
    final Thread thread; // made with the coroutine, as it has what its maker hands down

    // loop-confined
    private @Nullable Callable<T> body;
    private boolean entered;
    int strikes; // kills and limits that were reached, so far
    int killed; // which of them was the last kill; 0 if there was none
    boolean killUnheard; // no blocking call has thrown it yet
    boolean isWithheld; // the interrupt of what is unheard, as it made the thread spin
    @Nullable Timeout timeouts; // innermost first

    /** A coroutine of {@code loop} that runs {@code body} once started. */
    public Coroutine(Loop loop, @Nullable String name, Callable<T> body) {
        this(loop, name, body, true);
    }

    /** With or without what the caller hands down. */
    @SuppressWarnings("this-escape") // its thread does nothing before it is started
    Coroutine(Loop loop, @Nullable String name, @Nullable Callable<T> body, boolean inherits) {
        this.loop = loop;
        this.name = name;
        this.body = body;
        this.createdAt = loop.nanoTime();
        this.parentId = idOfCurrent();
        this.thread =
                inherits
                        ? loop.newThread(name, InContext.of(this, this::enter))
                        : loop.newDetachedThread(name, this::enter);
    }

    /** One that runs already, on {@code running}. */
    Coroutine(Loop loop, Thread running) {
        this.loop = loop;
        this.name = running.getName();
        this.createdAt = loop.nanoTime();
        this.parentId = idOfCurrent();
        this.thread = running;
        this.entered = true;
        boolean _ = begin();
    }

    private static long idOfCurrent() {
        Coroutine<?> current = currentIfKnown();
        return current == null ? 0 : current.id;
    }

    /**
     * For subclasses, which override {@link #run()}: on the caller's loop, or the next one of the
     * shared group.
     */
    protected Coroutine() {
        this(LoopGroup.currentOrNext(), null, null, true);
    }

    /** For subclasses, which override {@link #run()}. */
    protected Coroutine(Loop loop, @Nullable String name) {
        this(loop, name, null, true);
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
        return Adopted.running(loop);
    }

    /**
     * As {@link #current()}; null also on a thread that nobody has asked about, so none has struck.
     */
    static @Nullable Coroutine<?> currentIfKnown() {
        Loop loop = Loop.current();
        if (loop == null) {
            return null;
        }
        Coroutine<?> own = loop.coroutineOf(Thread.currentThread());
        return own != null || loop.hub().inEventLoop() ? own : Adopted.known();
    }

    /**
     * Puts this coroutine at the end of its loop's ready queue.
     *
     * @throws IllegalStateException if it was started before
     */
    public Coroutine<T> start() {
        if (!begin()) {
            if (state == State.KILLED) {
                return this;
            }
            throw new IllegalStateException(this + " was started before; a coroutine runs once");
        }
        thread.start();
        return this;
    }

    /** The whole life, on this coroutine's own thread. */
    private void enter() {
        if (state != State.STARTED) {
            return; // killed before its first run
        }
        if (killed != 0) {
            endBeforeFirstRun();
            return;
        }
        Thread own = Thread.currentThread();
        if (!loop.isCurrent() || loop.isStopping()) {
            end(State.KILLED, null, new CancellationException(loop + " has ended"));
            runLinks();
            return;
        }
        entered = true;
        loop.register(own, this);
        try {
            end(State.SUCCEEDED, run(), null);
        } catch (Throwable e) {
            State end = killed != 0 && e instanceof Exception ? State.KILLED : State.FAILED;
            try {
                OutOfMemory.noticed(e);
                if (end == State.FAILED) {
                    report(e);
                }
            } catch (OutOfMemoryError again) {
                // there is no memory to say it
            } finally {
                end(end, null, e);
            }
        } finally {
            Cancellation.forgetAll(this);
            runLinks();
            if (loop.isCurrent()) {
                loop.unregister(own);
            }
        }
    }

    /** In the log, as nobody may ever ask for it. */
    void report(Throwable e) {
        FailureLog.report(LoggerFactory.getLogger(Coroutine.class), this, e);
    }

    /** A propagator has thrown {@code e}. On this coroutine's own thread. */
    final void propagated(Throwable e) {
        report(e);
        if (!isDone()) {
            end(State.FAILED, null, e);
            runLinks();
        }
    }

    /** Its thread has ended, and nobody knows by what. On the loop. */
    final void endAdopted() {
        end(killed == 0 ? State.SUCCEEDED : State.KILLED, null, null);
        Cancellation.forgetAll(this);
        runLinks();
    }

    /** It never comes to its end, or that of its links, and its loop has. */
    final void giveUp() {
        if (!isDone()) {
            end(State.KILLED, null, new CancellationException(loop + " has ended"));
        }
        startLinks();
    }

    private void end(State end, @Nullable T result, @Nullable Throwable cause) {
        body = null;
        finish(end, result, cause);
    }

    /** For those who may not run user code, as the hub, or are no coroutine of this loop. */
    @Override
    final void startLinks() {
        if (isAwaited()) {
            loop.newDetachedThread(null, this::runLinks).start();
        }
    }

    private void runLinks() {
        for (Consumer<? super Coroutine<T>> link; (link = nextLink()) != null; ) {
            try {
                link.accept(this);
            } catch (Throwable e) {
                FailureLog.error(
                        LoggerFactory.getLogger(Coroutine.class),
                        "a link of " + Printable.of(this),
                        e);
            }
        }
    }

    /**
     * Ends this coroutine: the blocking call in which it stands, or comes to next, throws {@link
     * InterruptedException} (a connection's: {@link InterruptedIOException}), once for each kill.
     * What it then ends with, of whatever class, makes it KILLED; an {@link Error} is its own, and
     * a value as well. Killed before its first run, it never runs. Does not wait; that is {@link
     * #join()}. No effect on one that has ended.
     */
    public void kill() {
        if (isDone()) {
            return;
        }
        if (loop.isCurrent() || loop.hasEnded()) {
            killHere();
        } else {
            loop.carrier().execute(this::killHere);
        }
    }

    private void killHere() {
        if (isDone()) {
            return;
        }
        killed = ++strikes;
        if (!entered) {
            if (loop.carrier().isDrivenBy(Thread.currentThread())) {
                // those who wait are told under a lock, and the carrier waits for none
                loop.newDetachedThread(null, this::endBeforeFirstRun).start();
            } else {
                endBeforeFirstRun();
            }
        } else {
            killNotHeard();
            thread.interrupt();
            Cancellation.tellInside(null, this);
        }
    }

    private void endBeforeFirstRun() {
        if (!isDone()) {
            end(
                    State.KILLED,
                    null,
                    new CancellationException(this + " was killed before its first run"));
            startLinks();
        }
    }

    void killNotHeard() {
        if (!killUnheard) {
            killUnheard = true;
            loop.unheard++;
        }
    }

    void killHeard() {
        if (killUnheard) {
            killUnheard = false;
            loop.unheard--;
        }
    }

    /**
     * Has this coroutine go on if its kill has not been heard yet, and no longer count as killed:
     * for who has killed it to end one thing that it did, and knows that this has ended. By the
     * coroutine itself.
     */
    public void takeBackKill() {
        if (killed != 0) {
            killed = 0;
            Cancellation.killTakenBack(this);
        }
    }

    /**
     * For authors of blocking calls: what to throw after {@link Thread#interrupted()} has returned
     * true, a kill or the {@link Timeout} it was for. On the waiting thread itself.
     */
    public static InterruptedException interruption() {
        return Cancellation.deliver();
    }

    /** As {@link #interruption()}, for calls that throw {@link java.io.IOException}. */
    public static InterruptedIOException ioInterruption() {
        var cause = interruption();
        var exception = new InterruptedIOException(cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    /**
     * Whether {@code e}, which code called in the running coroutine has thrown, comes of that
     * coroutine's kill: it has been killed, and libraries say so by exceptions of their own. Then
     * it is to be thrown on, and nobody has failed.
     */
    public static boolean isKill(Throwable e) {
        Coroutine<?> coroutine = currentIfKnown();
        return coroutine != null && coroutine.killed != 0 && e instanceof Exception;
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
        return thread.getState() == Thread.State.NEW ? null : thread;
    }

    @Override
    public String toString() {
        return name == null || name.isEmpty()
                ? "coroutine-" + id
                : "coroutine-" + id + " '" + name + "'";
    }
}
