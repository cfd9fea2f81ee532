package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;

/**
 * What a carrier still runs when its hub has ended: whatever is ready, a second long. On the
 * carrier, unless said otherwise.
 */
final class LastRuns {
    /** How long coroutines may go on when their loop has ended. */
    private static final long LONGEST_NANOS = 1_000_000_000;

    /** How often what is no coroutine that has begun may go on after that. */
    private static final int ROUNDS = 8;

    private final Carrier carrier;
    private final ArrayDeque<Runnable> ready;

    LastRuns(Carrier carrier, ArrayDeque<Runnable> ready) {
        this.carrier = carrier;
        this.ready = ready;
    }

    /**
     * What became ready while the hub ended still runs here; what wakes later runs on the JDK's
     * scheduler. Who is never done, as one that swallows its kill and yields, is not run any more.
     */
    boolean run(CarrierThread own) {
        long until = System.nanoTime() + LONGEST_NANOS;
        do {
            carrier.drainForeign();
            if (!carrier.runReady(own)) {
                return false;
            }
            carrier.loop.hubTasks().run(); // what they hold on to for the hub has to be let go
            if (System.nanoTime() - until >= 0) {
                return runUnknown(own);
            }
        } while (!ready.isEmpty());
        return true;
    }

    /**
     * Those who have yet to begin end at once, and those who only tell of an end do that: whoever
     * waits for them would never hear of it. A raw one that is never done goes on a few times.
     */
    private boolean runUnknown(CarrierThread own) {
        for (int round = 0; round < ROUNDS; round++) {
            for (int n = ready.size(); n > 0; n--) {
                Runnable continuation = ready.removeFirst();
                if (coroutineOf(continuation) != null) {
                    ready.addLast(continuation);
                } else if (!carrier.resume(own, continuation)) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable Coroutine<?> coroutineOf(Runnable continuation) {
        Thread thread = VirtualThreads.threadOf(continuation);
        return thread == null ? null : carrier.loop.coroutineOf(thread);
    }

    /** Those who wait for the end of who is not run any more are told. When nobody else is here. */
    void giveUp() {
        LoggerFactory.getLogger(Loop.class)
                .warn(
                        "{} ends although {} go on after their kill",
                        carrier.loop.name(),
                        ready.size());
        for (Runnable continuation : ready) {
            Coroutine<?> coroutine = coroutineOf(continuation);
            if (coroutine != null) {
                coroutine.giveUp();
            }
        }
        ready.clear();
    }
}
