package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * In which way a coroutine holds on to its loop's thread, as seen from another one. What can be
 * done about it differs.
 */
public enum Hold {
    /** It runs: it computes, or makes a call that is over soon and makes another one. */
    COMPUTES("computes", "move what it does to a thread pool, or let it yield"),

    /** It is parked, pinned: in a class initialiser, or below a native frame. */
    WAITS(
            "waits where the JDK cannot unmount it",
            "do that in a ThreadPool, or before the loops are started"),

    /** Its thread sleeps in a system call, or in the JVM for a class that another initialises. */
    SLEEPS(
            "sleeps in native code, or for the initialisation of a class",
            "do that in a ThreadPool, or before the loops are started"),

    /** It repeats a wait that ends at once, as a kill or limit has interrupted it. */
    SPINS(
            "spins, as a wait that it repeats ends at once after a kill or limit",
            "let an interrupted wait end the loop around it");

    private static final int KERNEL_LOOKS = 5;
    private static final Duration KERNEL_PAUSE = Duration.ofMillis(1); // between two of them

    private static final long[] AGAIN = {
        TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(60)
    };

    /** A runtime image may lack it. */
    private static final boolean HAS_RECORDER =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final String what;
    private final String remedy;

    Hold(String what, String remedy) {
        this.what = what;
        this.remedy = remedy;
    }

    /** What it does, as the end of a sentence whose subject is the coroutine. */
    public String what() {
        return what;
    }

    /** What its author can do about it, as an imperative. */
    public String remedy() {
        return remedy;
    }

    /**
     * How {@code thread} holds {@code loop} now, if it does: asked by another platform thread,
     * which it takes some milliseconds. {@link #COMPUTES} where nothing else is seen, as in the
     * hub.
     */
    public static Hold of(Loop loop, @Nullable Thread thread) {
        Runnable held = loop.carrier().running();
        if (thread == null || held == null || loop.carrier().isHub(held)) {
            return COMPUTES;
        }
        if (isParkedOnItsCarrier(thread)) {
            return WAITS;
        }
        if (sleepsInTheKernel(loop)) {
            return SLEEPS;
        }
        return Spin.isSeen(thread) ? SPINS : COMPUTES;
    }

    /**
     * How many nanoseconds lie between the {@code reports}th report of one that lasts, counted from
     * 1, and the next: a second, ten, then always a minute.
     */
    public static long toldAgainAfter(int reports) {
        return AGAIN[Math.min(reports, AGAIN.length) - 1];
    }

    /**
     * Leaves it to the JDK's flight recorder as an event {@code weft.LoopHeld}, if that runs.
     *
     * @param stack of {@code thread}, one call a line
     * @param relieved whether the loop goes on on another thread
     */
    public void record(Loop loop, Thread thread, String stack, Duration heldFor, boolean relieved) {
        if (HAS_RECORDER) {
            new HoldEvent(loop, thread, this, heldFor, relieved, stack).commit();
        }
    }

    static boolean isParkedOnItsCarrier(Thread thread) {
        if (!VirtualThreads.isMounted(thread)) {
            return false; // its carrier has unmounted it, and does not get a processor
        }
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING
                || state == Thread.State.TIMED_WAITING
                || state == Thread.State.BLOCKED;
    }

    /**
     * A moment in which a thread of the JVM's sleeps, as for a lock or a page, does not count; nor
     * that in which one that computes has no processor.
     */
    static boolean sleepsInTheKernel(Loop loop) {
        KernelThread kernel = loop.carrier().relief().driver().kernel();
        if (kernel == null) {
            return false;
        }
        long asleepAt = kernel.asleepAt();
        for (int i = 0; i < KERNEL_LOOKS && asleepAt >= 0; i++) {
            Spin.pause(KERNEL_PAUSE);
            if (kernel.asleepAt() != asleepAt) {
                return false;
            }
        }
        return asleepAt >= 0;
    }
}
