package io.weft.testing;

import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Waits, on a plain thread, until another thread has come to rest. */
public final class Threads {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<Thread.State> AT_REST =
            EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.BLOCKED);

    private Threads() {}

    /** Returns when {@code thread} waits for a lock, a signal or a time. */
    public static void awaitParked(Thread thread) {
        await("rest of " + thread)
                .atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> AT_REST.contains(thread.getState()));
    }

    /** Returns when {@code coroutine} has started and waits for something. */
    public static void awaitParked(Coroutine<?> coroutine) {
        await("start of " + coroutine).atMost(PATIENCE).until(() -> coroutine.thread() != null);
        awaitParked(coroutine.thread());
    }
}
