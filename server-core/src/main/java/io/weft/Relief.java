package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Who drives a loop. A coroutine that waits where the JDK cannot unmount it (in a class
 * initialiser, below a native frame, out of memory) holds on to the platform thread below it; then
 * another one takes over, so that all other coroutines of the loop go on. The JDK's own scheduler
 * survives the same way: it has other carriers.
 *
 * <pre>
 *   driver ──relieve──▶ stuck ──┬─ the coroutine unmounts ─▶ the thread ends
 *      ▲                        └─ the coroutine calls Weft
 *      └────── passes on ◀───────────── asks for the loop
 * </pre>
 *
 * <p>Two coroutines of a loop never run at once as long as they wait by calls of Weft: such a call
 * returns when the loop has been given back. Who waits by a call of the JDK's goes on beside the
 * others, and is alone again from its next call of Weft or its next switch on.
 *
 * <p>A thread that is relieved need not notice at once: it looks whether it still drives whenever a
 * continuation returns to it, and takes the lock only if it does not. Any thread.
 */
final class Relief {
    private final Carrier carrier;
    private final Object lock = new Object();
    private volatile CarrierThread driver;
    private volatile boolean claimed;

    // guarded by lock
    private final ArrayDeque<Claim> claims = new ArrayDeque<>();
    private boolean ended;
    private int reliefs;

    private record Claim(CarrierThread thread, Semaphore granted) {}

    Relief(Carrier carrier, CarrierThread first) {
        this.carrier = carrier;
        this.driver = first;
    }

    CarrierThread driver() {
        return driver;
    }

    /** Whether one of the threads that were relieved wants to go on with the loop. */
    boolean isClaimed() {
        return claimed;
    }

    /** How often a thread has been relieved so far. */
    int count() {
        synchronized (lock) {
            return reliefs;
        }
    }

    /**
     * Has another thread drive the loop, if the present one is still where it was seen. By who
     * watches.
     *
     * @param held what the present one runs
     * @param progress as {@link Carrier#progress()} was
     */
    boolean relieve(Runnable held, long progress) {
        synchronized (lock) {
            if (ended) {
                return false;
            }
            CarrierThread stuck = driver;
            var next = new CarrierThread(carrier, stuck.getName());
            driver = next;
            // The JVM stops the thread for this: whatever it has done until here is seen now, and
            // it will see that it does not drive any more. Neither side needs a fence per switch.
            var _ = stuck.getStackTrace();
            if (!carrier.isHeldBy(held, progress) || !hasStarted(next)) {
                driver = stuck;
                LockSupport.unpark(stuck); // a wake-up may have gone to the other
                return false;
            }
            stuck.held = held;
            reliefs++;
            return true;
        }
    }

    private static boolean hasStarted(Thread next) {
        try {
            next.start();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /**
     * Whether {@code thread} drives after all, now that who was about to relieve it has decided.
     */
    boolean isDriving(CarrierThread thread) {
        synchronized (lock) {
            return driver == thread;
        }
    }

    /**
     * Has a coroutine go on as one of its loop's that runs on a thread which was relieved: returns
     * when it is on the driver. False if the loop has ended. On that thread.
     */
    boolean isRejoined(CarrierThread own) {
        if (isDriving(own)) {
            return true;
        }
        if (!Thread.currentThread().isVirtual()) {
            return false;
        }
        moveToDriver();
        if (VirtualThreads.currentCarrier() == own && !own.carrier.isDrivenBy(own)) {
            claim(own);
            // it may have taken a wake-up that was meant for the wait which comes now
            LockSupport.unpark(Thread.currentThread());
        }
        return VirtualThreads.currentCarrier() == driver;
    }

    /** Unless this thread is pinned still, or there is no memory to unmount it. */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is our own
    private static void moveToDriver() {
        try {
            Thread.yield();
        } catch (OutOfMemoryError e) {
            OutOfMemory.noticed(e);
        }
    }

    private void claim(CarrierThread own) {
        var claim = new Claim(own, new Semaphore(0));
        synchronized (lock) {
            if (ended || driver == own) {
                return;
            }
            claims.add(claim);
            claimed = true;
        }
        carrier.wakeUp();
        claim.granted.acquireUninterruptibly();
    }

    /** By the driver, where it runs nobody. True if it is one no longer. */
    boolean passOn() {
        Claim next;
        synchronized (lock) {
            next = claims.poll();
            claimed = !claims.isEmpty();
            if (next != null) {
                carrier.goesOnWith(next.thread.held);
                driver = next.thread;
            }
        }
        if (next != null) {
            next.granted.release();
        }
        return next != null;
    }

    /** The loop has ended: who wants it back goes on without. */
    void end() {
        @Nullable Claim claim;
        while (true) {
            synchronized (lock) {
                ended = true;
                claimed = false;
                claim = claims.poll();
            }
            if (claim == null) {
                return;
            }
            claim.granted.release();
        }
    }
}
