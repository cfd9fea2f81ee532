package io.weft;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;

/**
 * How a kill or a timeout reaches a coroutine: its thread is interrupted, and the blocking call in
 * which it stands, or comes to next, asks here what for. The kill comes before the timeouts, of
 * these the outermost first; each is delivered once, and while one is left the thread is
 * interrupted again. A call of the JDK asks nobody: it throws an exception of its own, and what it
 * was for is found out afterwards.
 *
 * <p>What is pending stands in {@link Coroutine#killPending} and {@link Coroutine#timeouts}.
 * Loop-confined, and on the coroutine's own thread unless said otherwise.
 */
final class Interruption {
    private Interruption() {}

    /** What to throw after {@link Thread#interrupted()} has returned true. */
    static InterruptedException deliver() {
        Coroutine<?> coroutine = Coroutine.current();
        if (coroutine == null) {
            return new InterruptedException("interrupted");
        }
        if (coroutine.killPending) {
            coroutine.killPending = false;
            interruptIfPending(coroutine);
            return new Killed(coroutine + " was killed");
        }
        Timeout timeout = Timeout.outermostPending(coroutine.timeouts);
        if (timeout == null) {
            return new InterruptedException(coroutine + " was interrupted");
        }
        var expired = timeout.deliver();
        interruptIfPending(coroutine);
        return expired;
    }

    /** Undoes {@link #deliver()}: the next blocking call throws. */
    static void deliverAgain(InterruptedException e) {
        if (e instanceof Timeout.Expired expired) {
            expired.timeout().undeliver();
        } else if (e instanceof Killed) {
            Coroutine<?> coroutine = Coroutine.current();
            if (coroutine != null) {
                coroutine.killPending = true;
            }
        }
        Thread.currentThread().interrupt();
    }

    /**
     * Interrupts the current thread, which {@code coroutine} is, if a kill or a timeout has still
     * to be delivered.
     */
    static void interruptIfPending(Coroutine<?> coroutine) {
        if (coroutine.killPending || Timeout.outermostPending(coroutine.timeouts) != null) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A kill may have been delivered by a JDK call, which does not tell: no interrupt is there any
     * more. Also on the hub.
     */
    static void forgetDeliveredKill(Coroutine<?> coroutine) {
        Thread own = coroutine.thread();
        if (coroutine.killPending && own != null && !own.isInterrupted()) {
            coroutine.killPending = false;
        }
    }

    /** The body has ended: its links shall not hear of a kill or a timeout that came too late. */
    static void forgetAll(Coroutine<?> coroutine) {
        for (Timeout open; (open = coroutine.timeouts) != null; ) {
            open.close();
        }
        Thread.interrupted();
    }

    /**
     * Whether an interrupt may be behind {@code e}: java.net makes a SocketException of one. Any
     * thread.
     */
    static boolean isBehind(@Nullable Throwable e) {
        return Causes.match(
                e,
                t ->
                        t instanceof InterruptedException
                                || t instanceof InterruptedIOException
                                || t instanceof ClosedByInterruptException
                                || t instanceof SocketException);
    }
}
