package io.weft;

import io.netty.util.internal.PlatformDependent;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The platform thread under one loop, and the scheduler of the loop's virtual threads: the
 * coroutines and the hub. It runs the hub, then what is ready, and so on; it sleeps only when the
 * hub itself waits for a lock and nothing is ready (otherwise it is the hub that sleeps, in epoll).
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
final class Carrier extends Thread implements Executor {
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

    /** How long coroutines may go on when their loop has ended. */
    private static final long LAST_NANOS = 1_000_000_000;

    /** How often what is no coroutine that has begun may go on after that. */
    private static final int LAST_ROUNDS = 8;

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
    private @Nullable Runnable running; // plain writes: who looks from outside can wait

    // any thread
    private final Queue<Runnable> foreign = PlatformDependent.newMpscQueue();
    private final Object drainLock = new Object();
    private volatile int idle;
    private volatile boolean ended;

    Carrier(Loop loop, String name) {
        super(null, null, name, 0, false);
        this.loop = loop;
        setDaemon(true);
    }

    /** The carrier that runs the caller; null where that is no loop. */
    static @Nullable Carrier current() {
        return VirtualThreads.currentCarrier() instanceof Carrier carrier ? carrier : null;
    }

    /**
     * Takes the continuation of one of this loop's virtual threads, or something short that ends or
     * starts them and is done by the carrier itself, whatever the hub waits for. Any thread.
     */
    @Override
    public void execute(Runnable continuation) {
        if (VirtualThreads.currentCarrier() == this) {
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
        int state = idle;
        if (state == POLLING) {
            if (IDLE.compareAndSet(this, POLLING, RUNNING)) {
                loop.hub().wakeUp();
            }
        } else if (state == PARKED) {
            LockSupport.unpark(this);
        }
        if (ended) {
            handOver();
        }
    }

    @Override
    public void run() {
        while (!hubEnded) {
            drainForeign();
            if (hubReady) {
                hubReady = false;
                resume(hub);
            } else {
                runWithoutHub();
            }
            runReady();
        }
        runLast();
        loop.closeLocals();
        ended = true;
        handOver();
        if (!ready.isEmpty()) {
            Thread.startVirtualThread(this::giveUp).setName(getName() + "-end"); // it may wait
        }
    }

    /**
     * What became ready while the hub ended still runs here; what wakes later runs on the JDK's
     * scheduler. Who is never done, as one that swallows its kill and yields, is not run any more.
     */
    private void runLast() {
        long until = System.nanoTime() + LAST_NANOS;
        do {
            drainForeign();
            runReady();
            loop.hubTasks().run(); // what they hold on to for the hub has to be let go
            if (System.nanoTime() - until >= 0) {
                runUnknown();
                return;
            }
        } while (!ready.isEmpty());
    }

    /**
     * Those who have yet to begin end at once, and those who only tell of an end do that: whoever
     * waits for them would never hear of it. A raw one that is never done goes on a few times.
     */
    private void runUnknown() {
        for (int round = 0; round < LAST_ROUNDS; round++) {
            for (int n = ready.size(); n > 0; n--) {
                Runnable continuation = ready.removeFirst();
                if (coroutineOf(continuation) == null) {
                    resume(continuation);
                } else {
                    ready.addLast(continuation);
                }
            }
        }
    }

    private @Nullable Coroutine<?> coroutineOf(Runnable continuation) {
        Thread thread = VirtualThreads.threadOf(continuation);
        return thread == null ? null : loop.coroutineOf(thread);
    }

    /** Those who wait for the end of who is not run any more are told. When nobody else is here. */
    private void giveUp() {
        LoggerFactory.getLogger(Loop.class)
                .warn("{} ends although {} go on after their kill", getName(), ready.size());
        for (Runnable continuation : ready) {
            Coroutine<?> coroutine = coroutineOf(continuation);
            if (coroutine != null) {
                coroutine.giveUp();
            }
        }
        ready.clear();
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
            VirtualThreads.newThread(this, null, loop.hub()::wakeUp).start();
        }
    }

    private void runReady() {
        long switchesBefore = switches;
        long switchesAtClock = switches;
        long until = 0;
        // One round is what was ready at its start: two that yield to each other do not keep the
        // hub out.
        for (int n; (n = ready.size()) > 0; ) {
            for (int i = 0; i < n; i++) {
                resume(ready.pollFirst());
            }
            if (switches - switchesBefore >= TURN_RUNS) {
                runsPerClock = RUNS_PER_CLOCK;
                return;
            }
            if (!foreign.isEmpty() || !loop.hubTasks().isEmpty()) {
                return;
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
                return;
            }
        }
    }

    private void resume(@Nullable Runnable continuation) {
        switches++;
        running = continuation;
        try {
            // never null: the ready queue holds what it was asked for, and the hub comes before
            // hubReady
            if (continuation != null) {
                continuation.run();
            }
        } catch (OutOfMemoryError e) {
            fatal(e);
        } catch (Throwable e) {
            LoggerFactory.getLogger(Carrier.class)
                    .error("{}: a continuation could not be run", getName(), e);
        }
    }

    /**
     * Something failed that this loop cannot do without. The process may be ended by whoever
     * handles what no thread of its catches; the JVM itself writes it to standard error.
     */
    void fatal(Throwable e) {
        getUncaughtExceptionHandler().uncaughtException(this, e);
    }

    private void drainForeign() {
        for (Runnable task; (task = foreign.poll()) != null; ) {
            if (hub == null) {
                hub = task; // the first continuation that a carrier is given is its hub's
            }
            enqueue(task);
        }
    }

    private void parkUntilSubmission() {
        idle = PARKED;
        if (foreign.isEmpty()) {
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
        return !ready.isEmpty() || !foreign.isEmpty();
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

    /** The thread that was resumed last. Any thread. */
    @Nullable Thread active() {
        Runnable continuation = running;
        return continuation == null ? null : VirtualThreads.threadOf(continuation);
    }

    void hubEnded() {
        hubEnded = true;
    }

    boolean hasEnded() {
        return ended;
    }
}
