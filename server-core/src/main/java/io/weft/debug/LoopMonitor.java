package io.weft.debug;

import io.weft.Daemons;
import io.weft.Deadline;
import io.weft.FailureLog;
import io.weft.Hold;
import io.weft.Loop;

import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reports a loop that is held, and how: a coroutine that computes, or makes a call that the JDK
 * cannot park, keeps all others of its loop waiting (gevent: the monitor thread and
 * max_blocking_time). A daemon thread looks at every loop's {@link Loop#progress()} twice within
 * the limit, which costs the loops nothing. Off unless started. Any thread.
 *
 * <p>Differences from gevent: one monitor watches all loops; a hold that lasts is reported again
 * after 1, 10 and 60 seconds, and of a loop's short ones one in ten seconds; what holds the loop
 * from inside the poller, that is a channel handler of the user's own, goes unnoticed.
 */
public final class LoopMonitor implements AutoCloseable {
    /** A loop that is held again and again is reported so often. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final long limit;
    private final long interval;
    private final Consumer<HeldLoop> listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Loop, LoopWatch> watches = new WeakHashMap<>(); // the thread's own

    private LoopMonitor(long limit, long interval, Consumer<HeldLoop> listener) {
        this.limit = limit;
        this.interval = interval;
        this.listener = listener;
    }

    /** Logs a warning when a loop has been held for longer than {@code limit}. */
    public static LoopMonitor start(Duration limit) {
        return start(
                limit, held -> LoggerFactory.getLogger(LoopMonitor.class).warn("{}", held.text()));
    }

    /** As {@link #start(Duration)}, reporting to {@code listener}, on the monitor's thread. */
    public static LoopMonitor start(Duration limit, Consumer<HeldLoop> listener) {
        return start(limit, INTERVAL, listener);
    }

    /** As {@link #start(Duration, Consumer)}, with another least time between two reports. */
    public static LoopMonitor start(
            Duration limit, Duration interval, Consumer<HeldLoop> listener) {
        long nanos = Deadline.nanos(limit);
        if (nanos == 0) {
            throw new IllegalArgumentException("a loop must be allowed some time, not " + limit);
        }
        var monitor = new LoopMonitor(nanos, Deadline.nanos(interval), listener);
        Thread thread = Daemons.named("weft-monitor").unstarted(monitor::run);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        return monitor;
    }

    private void run() {
        try {
            while (!closed.await(limit / 2, TimeUnit.NANOSECONDS)) {
                Loop.all().forEach(this::look);
            }
        } catch (InterruptedException e) {
            // nobody does, and it would mean the end
        }
    }

    private void look(Loop loop) {
        var watch = watches.computeIfAbsent(loop, key -> new LoopWatch(limit, interval));
        long progress = loop.progress();
        long now = System.nanoTime();
        if (!watch.isToBeReported(progress, now)) {
            return;
        }
        Thread thread = loop.runningThread();
        List<StackTraceElement> stack =
                thread == null ? List.of() : List.of(thread.getStackTrace());
        Hold hold = Hold.of(loop, thread);
        var duration = Duration.ofNanos(watch.heldFor(now));
        var held = new HeldLoop(loop, duration, hold, thread, stack, watch.takeUnreported());
        try {
            if (thread != null) {
                hold.record(loop, thread, held.stackText(), duration, false);
            }
            listener.accept(held);
        } catch (Throwable e) {
            FailureLog.error(
                    LoggerFactory.getLogger(LoopMonitor.class), "who is told of " + loop, e);
        }
    }

    /** Ends the monitor. */
    @Override
    public void close() {
        closed.countDown();
    }
}
