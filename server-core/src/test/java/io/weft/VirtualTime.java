package io.weft;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * Runs a program on one loop whose clock jumps to the next timer as soon as every coroutine waits
 * (trio: autojump clock). Two seconds of sleep take no time, and "after two seconds" is exact. Only
 * Weft's own waits live by this clock; the JDK's take their real time.
 */
public final class VirtualTime {
    private VirtualTime() {}

    /** The value of {@code main}, as {@link Weft#run(Callable)}. */
    public static <T> T run(Callable<T> main) throws Exception {
        var clock = new ManualClock();
        try (var group = clock.group(1)) {
            Loop loop = group.next();
            Coroutine<T> running = loop.spawn("main", main);
            loop.spawn(
                    "time",
                    () -> {
                        while (!running.isDone()) {
                            Weft.yieldNow();
                            jumpIfAllWait(loop, clock);
                        }
                        return null;
                    });
            return value(loop, running);
        }
    }

    private static <T> T value(Loop loop, Coroutine<T> running) throws Exception {
        try {
            return loop.call(running::get);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception own ? own : e;
        }
    }

    /** As {@link #run(Callable)}, without a value. */
    public static void run(Action main) throws Exception {
        run(Weft.asCallable(main));
    }

    /** How long the program has been running, by its own clock, in whole seconds. */
    public static long seconds(long since) {
        return Duration.ofNanos(Deadline.now() - since).toSeconds();
    }

    private static void jumpIfAllWait(Loop loop, ManualClock clock) {
        if (loop.carrier().readyCount() > 0 || loop.timers().hasDue()) {
            return;
        }
        long nearest = Long.MAX_VALUE;
        for (var timers : new TimerHeap[] {loop.timers().onHub, loop.timers().alarms}) {
            if (!timers.isEmpty()) {
                nearest = Math.min(nearest, timers.earliest() - clock.nanoTime());
            }
        }
        if (nearest != Long.MAX_VALUE) {
            clock.advance(Duration.ofNanos(Math.max(0, nearest)));
        }
    }
}
