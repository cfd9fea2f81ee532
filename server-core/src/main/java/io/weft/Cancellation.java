package io.weft;

import org.jspecify.annotations.Nullable;

/**
 * How a kill or a limit reaches a coroutine. Each is a scope with a state (trio: CancelScope): a
 * kill's is the coroutine's whole life, a {@link Timeout}'s the block that it limits. A scope that
 * has been struck stays so until it is left, and what its block then ends with is the scope's own,
 * whatever class a library has made of it. Where several were struck while a block ran, it is the
 * outermost one's. A {@link Nursery} is one too, and hands on what strikes those around it.
 *
 * <p>A strike itself is an edge, as gevent's: the thread is interrupted once, and the blocking call
 * in which the coroutine stands, or comes to next, throws. Calls of Weft ask here what for. Calls
 * of the JDK ask nobody; that one of them has thrown shows on the coroutine's own thread, where no
 * interrupt is left. Another thread never looks at that flag: a wait that is not to be interrupted
 * hides it.
 *
 * <p>The strikes of a coroutine are numbered, and a block remembers how many there were when it
 * began: those have been heard outside, and have no claim to it. One that had not been heard by
 * then counts as if it came later.
 *
 * <p>Its state stands in {@link Coroutine} and {@link Timeout}. Loop-confined, and on the
 * coroutine's own thread unless said otherwise.
 */
final class Cancellation {
    private Cancellation() {}

    /** What to throw after {@link Thread#interrupted()} has returned true. */
    static InterruptedException deliver() {
        Coroutine<?> coroutine = Coroutine.currentIfKnown();
        if (coroutine == null) {
            return new InterruptedException("interrupted");
        }
        if (coroutine.killUnheard) {
            coroutine.killHeard();
            interruptIfUnheard(coroutine);
            return killed(coroutine);
        }
        Timeout limit = outermostUnheard(coroutine);
        if (limit != null) {
            limit.heard();
            interruptIfUnheard(coroutine);
            return limit.interruption();
        }
        return again(coroutine);
    }

    /** Somebody has caught what was thrown, and has set the interrupt again for those behind. */
    private static InterruptedException again(Coroutine<?> coroutine) {
        Timeout struck = innermostStruck(coroutine);
        if (isKilledSince(struck, coroutine)) {
            return killed(coroutine);
        }
        return struck == null
                ? new InterruptedException(coroutine + " was interrupted")
                : outermostStruckSince(struck).interruption();
    }

    /**
     * The same, before a block begins that may be struck itself: one interrupt would hide the
     * other.
     */
    private static void unhear(Coroutine<?> coroutine) {
        Timeout struck = innermostStruck(coroutine);
        if (isKilledSince(struck, coroutine)) {
            coroutine.killNotHeard();
        } else if (struck != null) {
            outermostStruckSince(struck).notHeard();
        }
    }

    private static @Nullable Timeout innermostStruck(Coroutine<?> coroutine) {
        Timeout struck = coroutine.timeouts;
        while (struck != null && !struck.isExpired()) {
            struck = struck.outer;
        }
        return struck;
    }

    private static boolean isKilledSince(@Nullable Timeout struck, Coroutine<?> coroutine) {
        return coroutine.killed > (struck == null ? 0 : struck.opened);
    }

    /** Of the limits that were reached since {@code struck} began, itself included. */
    private static Timeout outermostStruckSince(Timeout struck) {
        Timeout found = struck;
        for (Timeout limit = struck; limit != null; limit = limit.outer) {
            if (limit.struck > struck.opened) {
                found = limit;
            }
        }
        return found;
    }

    private static InterruptedException killed(Coroutine<?> coroutine) {
        return new InterruptedException(coroutine + " was killed");
    }

    /**
     * Interrupts the current thread, which {@code coroutine} is, if a strike is still to be heard.
     */
    static void interruptIfUnheard(Coroutine<?> coroutine) {
        if (isUnheard(coroutine)) {
            Thread.currentThread().interrupt();
        }
    }

    static boolean isUnheard(Coroutine<?> coroutine) {
        return coroutine.killUnheard || outermostUnheard(coroutine) != null;
    }

    /** How many strikes a block that begins now has nothing to do with. */
    static int heardSoFar(Coroutine<?> coroutine) {
        giveBack(coroutine);
        int strikes = coroutine.strikes;
        if (strikes == 0 || hearWhatTheJdkHasThrown(coroutine)) {
            return strikes;
        }
        if (!isUnheard(coroutine)) {
            unhear(coroutine); // the interrupt has been set again
        }
        int first = coroutine.killUnheard ? coroutine.killed : strikes + 1;
        for (Timeout limit = coroutine.timeouts; limit != null; limit = limit.outer) {
            if (limit.unheard) {
                first = Math.min(first, limit.struck);
            }
        }
        return first - 1;
    }

    /** The running coroutine is about to wait. */
    static void waitBegins() {
        Coroutine<?> coroutine = Coroutine.currentIfKnown(); // another was not struck
        if (coroutine != null && isUnheard(coroutine)) {
            giveBack(coroutine);
            hearWhatTheJdkHasThrown(coroutine);
        }
    }

    /**
     * Takes the interrupt of a strike that nobody has heard from a coroutine that spins on it. By
     * who watches, while that coroutine holds its loop.
     */
    static boolean withhold(Coroutine<?> coroutine, Thread thread) {
        if (!isUnheard(coroutine)) {
            return false; // it is the coroutine's own
        }
        coroutine.isWithheld = true;
        VirtualThreads.clearInterrupt(thread);
        return true;
    }

    private static void giveBack(Coroutine<?> coroutine) {
        if (coroutine.isWithheld) {
            coroutine.isWithheld = false;
            interruptIfUnheard(coroutine);
        }
    }

    /**
     * A limit that was reached is over, and its interrupt goes with it; one that code has set again
     * after it had been heard may be for a scope around it.
     */
    static void left(Timeout limit, boolean wasUnheard, Coroutine<?> coroutine) {
        giveBack(coroutine);
        if (!Thread.interrupted()) {
            hearAll(coroutine); // the JDK has thrown it
        } else if (isUnheard(coroutine) || (!wasUnheard && isStruckOutside(limit, coroutine))) {
            Thread.currentThread().interrupt();
        }
    }

    /** The kill is no longer; the limits stay struck. */
    static void killTakenBack(Coroutine<?> coroutine) {
        giveBack(coroutine);
        coroutine.killHeard();
        if (Thread.interrupted()) {
            interruptIfUnheard(coroutine);
        } else {
            hearAll(coroutine);
        }
    }

    /** Of strikes that are unheard; no interrupt is left when a call of the JDK has thrown. */
    private static boolean hearWhatTheJdkHasThrown(Coroutine<?> coroutine) {
        boolean thrown = !Thread.currentThread().isInterrupted();
        if (thrown) {
            hearAll(coroutine);
        }
        return thrown;
    }

    private static void hearAll(Coroutine<?> coroutine) {
        coroutine.killHeard();
        for (Timeout limit = coroutine.timeouts; limit != null; limit = limit.outer) {
            limit.heard();
        }
    }

    /** {@code struck} has been, or the whole coroutine if it is null. On the loop. */
    static void tellInside(@Nullable Timeout struck, Coroutine<?> coroutine) {
        for (Timeout scope = coroutine.timeouts; scope != struck; scope = scope.outer) {
            if (scope == null) {
                return; // it had been left before
            }
            scope.struckAround();
        }
    }

    /** Whether a scope around {@code limit} was struck since that began. */
    static boolean isStruckOutside(Timeout limit, Coroutine<?> coroutine) {
        if (coroutine.killed > limit.opened) {
            return true;
        }
        for (Timeout outer = limit.outer; outer != null; outer = outer.outer) {
            if (outer.struck > limit.opened) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Timeout outermostUnheard(Coroutine<?> coroutine) {
        Timeout found = null;
        for (Timeout limit = coroutine.timeouts; limit != null; limit = limit.outer) {
            if (limit.unheard) {
                found = limit;
            }
        }
        return found;
    }

    /** The body has ended: its links shall not hear of a strike that came too late. */
    static void forgetAll(Coroutine<?> coroutine) {
        for (Timeout open; (open = coroutine.timeouts) != null; ) {
            open.close();
        }
        coroutine.killHeard();
        Thread.interrupted();
    }
}
