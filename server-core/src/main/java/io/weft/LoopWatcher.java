package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that no coroutine takes its loop with it: a daemon thread looks at every loop ten
 * times a second while there is anything to do, once a second otherwise. It has another thread
 * drive a loop whose own one is stuck ({@link Relief}), and stops a spin that comes of a kill or a
 * limit ({@link Spin}). It is there while there are loops. Looking costs the loops nothing.
 */
final class LoopWatcher implements Runnable {
    private static final long BUSY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(1);
    private static final Object LOCK = new Object();
    private static boolean isRunning; // guarded by LOCK

    private final List<WatchedLoop> watches = new ArrayList<>();

    private LoopWatcher() {}

    /** There is a loop; it is one of {@link Loop#all()} already. */
    static void start() {
        synchronized (LOCK) {
            if (!isRunning) {
                Daemons.named("weft-watcher").start(new LoopWatcher());
                isRunning = true;
            }
        }
    }

    @Override
    public void run() {
        prepare();
        follow();
        long looked = System.nanoTime();
        long pause = BUSY;
        while (isNeeded()) {
            try {
                TimeUnit.NANOSECONDS.sleep(pause);
                long now = System.nanoTime();
                boolean wasStopped = now - looked > 3 * pause; // the process, or the machine
                looked = now;
                pause = look(now, wasStopped) ? BUSY : IDLE;
            } catch (OutOfMemoryError e) {
                pause = BUSY; // that is one of the reasons why a loop may be stuck
            } catch (Throwable e) {
                FailureLog.error(LoggerFactory.getLogger(LoopWatcher.class), "watching loops", e);
            }
        }
    }

    /** What is needed when there may be no memory to load it. */
    private static void prepare() {
        try {
            for (Class<?> type :
                    List.of(
                            WatchedLoop.class,
                            Stuck.class,
                            Hold.class,
                            Spin.class,
                            KernelThread.class,
                            OutOfMemory.class,
                            FailureLog.class,
                            Causes.class,
                            Printable.class)) {
                MethodHandles.lookup().ensureInitialized(type);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // they are of this package
        }
    }

    private static boolean isNeeded() {
        synchronized (LOCK) {
            isRunning = Loop.isAnyLiving();
            return isRunning;
        }
    }

    /** Whether there is anything to do. */
    private boolean look(long now, boolean wasStopped) {
        boolean isBusy = false;
        follow();
        for (WatchedLoop watch : watches) {
            isBusy |= watch.look(now, wasStopped);
        }
        return isBusy;
    }

    /** Those that have come and those that have gone. */
    private void follow() {
        List<Loop> loops = Loop.all();
        for (Iterator<WatchedLoop> all = watches.iterator(); all.hasNext(); ) {
            if (!loops.contains(all.next().loop())) {
                all.remove();
            }
        }
        for (Loop loop : loops) {
            if (watchOf(loop) == null) {
                watches.add(new WatchedLoop(loop));
            }
        }
    }

    private @Nullable WatchedLoop watchOf(Loop loop) {
        for (WatchedLoop watch : watches) {
            if (watch.loop() == loop) {
                return watch;
            }
        }
        return null;
    }
}
