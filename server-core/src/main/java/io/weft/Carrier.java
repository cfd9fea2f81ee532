package io.weft;

import io.netty.util.internal.PlatformDependent;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The scheduler of a loop's virtual threads, the coroutines and the hub, with one platform thread
 * (see {@link Relief}). It runs the hub, then what is ready, and so on; it sleeps only when the hub
 * itself waits for a lock and nothing is ready (otherwise it is the hub that sleeps, in epoll).
 *
 * <pre>
 *   ready queue    loop-confined     coroutines woken on this loop
 *   foreign queue  many to one       continuations submitted by other threads
 * </pre>
 *
 * <p><b>How a foreign submission wakes a loop that is going to sleep.</b> The submitter publishes
 * the task, then looks at {@link #idle}; the loop announces its sleep in {@code idle}, then looks
 * at the queue. Both have a full fence between the two steps, so that at least one of them sees the
 * other (Dekker). The announcement is cleared by the first submitter, so that a burst of
 * submissions costs one system call.
 */
final class Carrier implements Executor {
    private static final int RUNNING = 0;
    private static final int POLLING = 1;
    private static final int PARKED = 2;

    /**
     * A turn of the coroutines goes on until so many have run, or a time has passed: then I/O is
     * looked at. Two that hand over to each other switch in 0.16 µs, so it is the runs that end
     * their turn, after 40 µs.
     */
    private static final int TURN_RUNS = 256;

    private static final long TURN_NANOS = 100_000;

    /**
     * Reading the clock costs an eighth of a switch. After a turn that its runs ended, not the
     * time, the next turn reads it only after so many runs.
     */
    private static final int RUNS_PER_CLOCK = 8;

    private static final VarHandle IDLE = Handles.of(Carrier.class, "idle", int.class);

    final Loop loop;

    // loop-confined
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>(1024);
    private @Nullable Runnable hub;
    private boolean hubReady;
    private boolean hubPolls;
    private boolean hubIsWoken; // out of the poll that it is in
    private boolean hubEnded;
    private int runsPerClock = 1;
    private long switches;
    private long polls;

    // plain writes: who looks from outside can wait
    private @Nullable Runnable running; // or the last one that was
    private boolean isInside; // what is running

    // any thread
    private final Queue<Runnable> foreign = PlatformDependent.newMpscQueue();
    private final Object drainLock = new Object();
    private volatile int idle;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean ended;
    private final Relief relief;

    Carrier(Loop loop, String name) {
        this.loop = loop;
        this.relief = new Relief(this, new CarrierThread(this, name));
    }

    void start() {
        relief.driver().start();
    }

    /** Who may drive it. */
    Relief relief() {
        return relief;
    }

    /** Whether the loop runs on {@code thread}. */
    boolean isDrivenBy(Thread thread) {
        return relief.driver() == thread;
    }

    /** Waits until all that it runs has ended; false if the time was over first. */
    boolean join(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        return over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)
                && relief.driver()
                        .join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }

    /**
     * Takes the continuation of one of this loop's virtual threads, or something short that ends or
     * starts them and is done by the carrier itself, whatever the hub waits for. Any thread.
     */
    @Override
    public void execute(Runnable continuation) {
        if (isDrivenBy(VirtualThreads.currentCarrier())) {
            enqueue(continuation);
        } else {
            submit(continuation);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a thread has one continuation for life
    private void enqueue(Runnable continuation) {
        if (continuation == hub) {
            hubReady = true;
        } else {
            ready.addLast(continuation);
        }
    }

    private void submit(Runnable continuation) {
        foreign.offer(continuation);
        VarHandle.fullFence();
        wakeUp();
        if (ended) {
            handOver();
        }
    }

    /** Has who drives the loop look around, if it sleeps. Behind a fence. Any thread. */
    void wakeUp() {
        int state = idle;
        if (state == POLLING) {
            if (IDLE.compareAndSet(this, POLLING, RUNNING)) {
                loop.hub().wakeUp();
            }
        } else if (state == PARKED) {
            LockSupport.unpark(relief.driver());
        }
    }

    /** What a platform thread does while the loop is its own. */
    void drive(CarrierThread own) {
        while (!hubEnded) {
            if (relief.isClaimed() && relief.passOn()) {
                return;
            }
            drainForeign();
            if (hubReady) {
                hubReady = false;
                if (!resume(own, hub)) {
                    return;
                }
            } else {
                runWithoutHub();
            }
            if (!runReady(own)) {
                return;
            }
        }
        end(own);
    }

    private void end(CarrierThread own) {
        var last = new LastRuns(this, ready);
        if (!last.run(own)) {
            return;
        }
        loop.closeLocals();
        ended = true;
        relief.end();
        handOver();
        if (!ready.isEmpty()) {
            Thread.startVirtualThread(last::giveUp).setName(loop.name() + "-end"); // it may wait
        }
        over.countDown();
    }

    /**
     * The hub waits for a lock, which a coroutine may hold while it sleeps; or it polls by NIO,
     * which parks it too.
     */
    private void runWithoutHub() {
        loop.timers().fireAlarms();
        if (ready.isEmpty()) {
            parkUntilSubmission();
        } else if (hubPolls && !hubIsWoken) {
            hubIsWoken = true; // it shall hear what the coroutines leave for it
            // By a coroutine, not by this thread: NIO's selector takes a lock for that, which the
            // hub may be the next to have, and it cannot run while this thread waits.
            VirtualThreads.newDetachedThread(this, null, loop.hub()::wakeUp).start();
        }
    }

    /** False if another thread drives the loop meanwhile. */
    boolean runReady(CarrierThread own) {
        long switchesBefore = switches;
        long switchesAtClock = switches;
        long until = 0;
        // One round is what was ready at its start: two that yield to each other do not keep the
        // hub out.
        for (int n; (n = ready.size()) > 0; ) {
            for (int i = 0; i < n; i++) {
                if (!resume(own, ready.pollFirst())) {
                    return false;
                }
            }
            if (switches - switchesBefore >= TURN_RUNS) {
                runsPerClock = RUNS_PER_CLOCK;
                return true;
            }
            if (!foreign.isEmpty() || !loop.hubTasks().isEmpty() || relief.isClaimed()) {
                return true;
            }
            if (switches - switchesAtClock < runsPerClock) {
                continue;
            }
            switchesAtClock = switches;
            long now = System.nanoTime();
            if (until == 0) {
                until = now + TURN_NANOS;
            } else if (now - until >= 0) {
                runsPerClock = 1; // these take their time: each could be the last for a while
                return true;
            }
        }
        return true;
    }

    /** False if another thread drives the loop when the continuation returns. */
    boolean resume(CarrierThread own, @Nullable Runnable continuation) {
        switches++;
        running = continuation;
        isInside = true;
        try {
            // null only where another thread has emptied the ready queue and given it back; the hub
            // comes before hubReady
            if (continuation != null) {
                continuation.run();
            }
        } catch (OutOfMemoryError e) {
            fatal(e);
        } catch (Throwable e) {
            LoggerFactory.getLogger(Carrier.class)
                    .error("{}: a continuation could not be run", loop.name(), e);
        }
        if (!isDrivenBy(own) && !relief.isDriving(own)) {
            return false;
        }
        isInside = false;
        return true;
    }

    /**
     * Something failed that this loop cannot do without. The process may be ended by whoever
     * handles what no thread of its catches; the JVM itself writes it to standard error.
     */
    void fatal(Throwable e) {
        Thread driver = relief.driver();
        try {
            driver.getUncaughtExceptionHandler().uncaughtException(driver, e);
        } catch (OutOfMemoryError again) {
            // there is no memory to say so either, and the loop goes on
        }
    }

    void drainForeign() {
        for (Runnable task; (task = foreign.poll()) != null; ) {
            if (hub == null) {
                hub = task; // the first continuation that a carrier is given is its hub's
            }
            enqueue(task);
        }
    }

    private void parkUntilSubmission() {
        idle = PARKED;
        if (foreign.isEmpty() && !relief.isClaimed()) {
            long alarm = loop.timers().earliestAlarm();
            if (alarm == Deadline.NEVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, Math.max(1, alarm - loop.nanoTime()));
            }
        }
        idle = RUNNING;
    }

    /**
     * The loop has gone: what is in the foreign queue can finish on the JDK's scheduler. Any
     * thread.
     */
    private void handOver() {
        synchronized (drainLock) {
            for (Runnable task; (task = foreign.poll()) != null; ) {
                VirtualThreads.defaultScheduler().execute(task);
            }
        }
    }

    // What follows is called by the hub.

    /** Announces that the hub may block in the poller from now on. */
    void pollBegins() {
        hubPolls = true;
        idle = POLLING;
    }

    void pollEnds() {
        hubPolls = false;
        hubIsWoken = false;
        polls++;
        if (idle != RUNNING) {
            idle = RUNNING;
        }
    }

    boolean hasWork() {
        return !ready.isEmpty() || !foreign.isEmpty() || relief.isClaimed();
    }

    int readyCount() {
        return ready.size();
    }

    /** Times that a continuation was resumed, the hub's included. */
    long switches() {
        return switches;
    }

    /** As {@link Loop#progress()}. Any thread. */
    long progress() {
        int now = idle;
        boolean sleeps = now == PARKED || (now == POLLING && running == hub);
        return sleeps ? Loop.ASLEEP : switches + polls;
    }

    /** What was resumed last. Any thread. */
    @Nullable Runnable running() {
        return running;
    }

    /** Whose {@link #running()} is. Any thread. */
    @Nullable Thread active() {
        Runnable continuation = running;
        return continuation == null ? null : VirtualThreads.threadOf(continuation);
    }

    /** The loop is passed on to a thread that runs something already. By the driver. */
    void goesOnWith(@Nullable Runnable held) {
        switches++;
        running = held;
        isInside = true;
    }

    boolean isHub(Runnable continuation) {
        return continuation == hub;
    }

    /** Whether the driver has not gone on. By who has stopped it. */
    boolean isHeldBy(Runnable continuation, long seen) {
        return isInside && running == continuation && progress() == seen;
    }

    void hubEnded() {
        hubEnded = true;
    }

    boolean hasEnded() {
        return ended;
    }
}
