package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * A limit on everything that a block of code waits for (gevent: Timeout). When it expires, the
 * blocking call in which the coroutine stands, or comes to next, throws: Weft's calls throw {@link
 * Expired} itself (a connection's an {@link java.io.InterruptedIOException} caused by it), the
 * JDK's what they throw when interrupted; {@link #call(Duration, Callable)} turns whatever comes of
 * either into its own {@link Expired}.
 *
 * <pre>{@code
 * try (var timeout = Timeout.start(Duration.ofSeconds(2))) {
 *     var reply = queue.take();
 * } catch (Timeout.Expired e) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Timeouts nest. Where several have expired at once the outermost is delivered first; {@link
 * Expired#timeout()} tells whose it is. Loop-confined: started, used and closed by one coroutine.
 *
 * <p>Differences from gevent: delivered as an interrupt, so it reaches blocking calls of the JDK
 * too; code that catches {@link InterruptedException} and goes on swallows it, as it would swallow
 * a kill.
 */
public sealed class Timeout implements AutoCloseable permits NurseryScope {
    /** The limit of {@link #timeout()} was reached. */
    public static final class Expired extends InterruptedException {
        private static final long serialVersionUID = 1L;

        private final transient Timeout timeout;

        Expired(Timeout timeout, @Nullable Throwable cause) {
            super("timed out after " + timeout.duration);
            this.timeout = timeout;
            if (cause != null) {
                initCause(cause);
            }
        }

        /** Whose limit it was. */
        public Timeout timeout() {
            return timeout;
        }
    }

    private final @Nullable Duration duration;
    final Coroutine<?> coroutine;
    final @Nullable Timeout outer;
    private final @Nullable Alarm alarm;
    final int opened; // so many of the coroutine's strikes are none of this block's
    int struck; // which of them was this limit's; 0 before it is reached
    boolean unheard; // no blocking call has thrown it yet
    private boolean closed;

    Timeout(@Nullable Duration duration, Coroutine<?> coroutine, boolean timed) {
        this.duration = duration;
        this.coroutine = coroutine;
        opened = Cancellation.heardSoFar(coroutine);
        outer = coroutine.timeouts;
        alarm = timed ? newAlarm() : null;
        if (alarm != null) {
            alarm.schedule(Deadline.in(duration));
        }
        coroutine.timeouts = this;
    }

    private Alarm newAlarm() {
        return new Alarm(coroutine.loop()) {
            @Override
            protected void fire() {
                expire();
            }
        };
    }

    /**
     * Starts a limit that ends with {@link #close()}. Zero expires at the loop's next pass; null
     * never does.
     *
     * @throws IllegalStateException if the caller is no coroutine
     * @throws IllegalArgumentException if negative
     */
    public static Timeout start(@Nullable Duration duration) {
        return new Timeout(duration, caller("Timeout.start()"), duration != null);
    }

    /** The same without a timer of its own: whoever starts it calls {@link #expire()}. */
    static Timeout startUntimed(Duration duration, Coroutine<?> coroutine) {
        return new Timeout(duration, coroutine, false);
    }

    /** The coroutine that wants a limit. */
    static Coroutine<?> caller(String call) {
        Loop.require(call);
        Coroutine<?> current = Coroutine.current();
        if (current == null) {
            throw new IllegalStateException("the hub never waits, so it has no use for a timeout");
        }
        return current;
    }

    /**
     * The value of {@code body}, within the limit (gevent: with_timeout). One that the body returns
     * after the limit, having caught the interrupt, is returned all the same.
     *
     * @throws Expired if the body ended by an exception, whichever, after the limit was reached
     */
    public static <T extends @Nullable Object> T call(@Nullable Duration duration, Callable<T> body)
            throws Exception {
        return call(duration, body, expired -> expired);
    }

    /** As {@link #call(Duration, Callable)}, with an exception of the caller's own. */
    public static <T extends @Nullable Object> T call(
            @Nullable Duration duration,
            Callable<T> body,
            Function<Expired, ? extends Exception> exception)
            throws Exception {
        var timeout = start(duration);
        try {
            return body.call();
        } catch (Exception e) {
            Expired own = timeout.own(e);
            throw own == null ? e : exception.apply(own);
        } finally {
            timeout.close();
        }
    }

    /** As {@link #call(Duration, Callable)}, with {@code fallback} in place of the exception. */
    public static <T extends @Nullable Object> T callOr(
            @Nullable Duration duration, T fallback, Callable<T> body) throws Exception {
        var timeout = start(duration);
        try {
            return body.call();
        } catch (Exception e) {
            if (!timeout.owns(e)) {
                throw e;
            }
            return fallback;
        } finally {
            timeout.close();
        }
    }

    /** The limit is reached. On the loop. */
    void expire() {
        struck = ++coroutine.strikes;
        notHeard();
        coroutine.thread.interrupt();
        Cancellation.tellInside(this, coroutine);
    }

    /** Waits for the end of {@code other}; false if this limit is reached first. */
    boolean join(Ending<?> other) throws InterruptedException {
        if (closed || Coroutine.current() != coroutine) {
            throw new IllegalArgumentException(
                    closed ? "the limit is closed" : "the limit is that of " + coroutine);
        }
        if (struck != 0 && !unheard) {
            return other.isDone(); // it strikes once
        }
        try {
            other.join();
            return true;
        } catch (InterruptedException e) {
            if (!owns(e)) {
                throw e;
            }
            return other.isDone();
        }
    }

    /** This limit's own exception, if it is reached. */
    Expired expired() {
        return new Expired(this, null);
    }

    /** What a blocking call throws that hears of it. */
    InterruptedException interruption() {
        return expired();
    }

    /** A scope around this one has been struck, whose interrupt says all to a limit. */
    void struckAround() {}

    void notHeard() {
        if (!unheard) {
            unheard = true;
            coroutine.loop().unheard++;
        }
    }

    void heard() {
        if (unheard) {
            unheard = false;
            coroutine.loop().unheard--;
        }
    }

    /**
     * Whether what the block has ended with is this limit's doing: it has been reached, and no kill
     * and no limit around it has struck since it began, whatever {@code e} is. The JDK and
     * libraries say by many classes that they were interrupted.
     */
    public boolean owns(Exception e) {
        return struck != 0 && !Cancellation.isStruckOutside(this, coroutine);
    }

    /** {@code e} as this limit's own exception, if it {@link #owns} it; null otherwise. */
    public @Nullable Expired own(Exception e) {
        if (!owns(e)) {
            return null;
        }
        return e instanceof Expired expired && expired.timeout == this
                ? expired
                : new Expired(this, e);
    }

    /** Ends the limit. If it was reached without having been heard, it is forgotten. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (coroutine.timeouts != this) {
            throw new IllegalStateException(
                    "limits and nurseries are closed by the coroutine that opened them, innermost"
                            + " first");
        }
        closed = true;
        boolean wasUnheard = unheard;
        heard();
        coroutine.timeouts = outer;
        if (alarm != null && coroutine.loop().isCurrent()) {
            alarm.cancel();
        }
        if (struck != 0) {
            Cancellation.left(this, wasUnheard, coroutine);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the limit has been reached, whoever noticed. */
    public boolean isExpired() {
        return struck != 0;
    }

    /** The limit; null if there is none. */
    public @Nullable Duration duration() {
        return duration;
    }
}
