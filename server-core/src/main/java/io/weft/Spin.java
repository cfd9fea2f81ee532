package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A coroutine that repeats a wait of the JDK which ends at once because the thread is interrupted,
 * as a loop around {@link LockSupport#parkNanos} does: it never gives its loop away, and what it
 * waits for cannot come. What has interrupted it is kept for its next call of Weft.
 */
final class Spin {
    private static final int LOOKS = 3;
    private static final Duration BETWEEN = Duration.ofMillis(2);

    private Spin() {}

    /** Whether {@code thread} spun, and has been stopped. By who watches. */
    static boolean isStopped(Loop loop, Thread thread) {
        if (!isSeen(thread)) {
            return false;
        }
        Coroutine<?> coroutine = coroutineOf(loop, thread);
        return coroutine != null
                && loop.carrier().active() == thread
                && Cancellation.withhold(coroutine, thread);
    }

    /** Whether {@code thread} spins now. */
    static boolean isSeen(Thread thread) {
        return thread.isInterrupted() && parksAgainAndAgain(thread);
    }

    /**
     * Each call of a park takes the permit away, also one that ends at once. One that computes, and
     * may ask for its interrupt in time, takes none.
     */
    private static boolean parksAgainAndAgain(Thread thread) {
        for (int i = 0; i < LOOKS; i++) {
            LockSupport.unpark(thread); // it may be woken for nothing at any time
            pause(BETWEEN);
            if (VirtualThreads.hasParkPermit(thread)) {
                return false;
            }
        }
        return true;
    }

    /** Of a thread that looks at others. */
    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // its end
        }
    }

    /** The loop is held, so that its map stands still; if it is not, nothing is found. */
    private static @Nullable Coroutine<?> coroutineOf(Loop loop, Thread thread) {
        try {
            return loop.coroutineOf(thread);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
