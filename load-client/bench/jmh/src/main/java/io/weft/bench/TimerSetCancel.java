package io.weft.bench;

import io.weft.Action;
import io.weft.Timeout;
import io.weft.Weft;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A time limit around a block that is over at once, among other timers of which half are due
 * earlier and half later. Nothing ever fires.
 */
public class TimerSetCancel {
    private static final int LIMITS = 100_000;
    private static final Duration HOUR = Duration.ofHours(1);

    /** How many other timers are set. */
    @State(Scope.Benchmark)
    public static class Others {
        @Param({"0", "10000"})
        public int others;

        /** Scattered from half an hour to one and a half. */
        Duration delay(int i) {
            return Duration.ofSeconds(1800 + i * 2_654_435_761L % 3600);
        }
    }

    /** The loop with its other timers. */
    @State(Scope.Benchmark)
    public static class BusyLoop extends OneLoop {
        private static final Action NOTHING = () -> {};

        @Setup
        public void setOthers(Others others) throws Exception {
            run(
                    () -> {
                        for (int i = 0; i < others.others; i++) {
                            Weft.spawnLater(others.delay(i), NOTHING);
                        }
                    });
        }
    }

    @Benchmark
    @OperationsPerInvocation(LIMITS)
    public void weft(BusyLoop loop, Others others) throws Exception {
        loop.run(
                () -> {
                    for (int i = 0; i < LIMITS; i++) {
                        Timeout.start(HOUR).close();
                    }
                });
    }

    /** The JDK's scheduled executor with its other timers. */
    @State(Scope.Benchmark)
    public static class BusyExecutor {
        final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

        @Setup
        public void setOthers(Others others) {
            executor.setRemoveOnCancelPolicy(true);
            for (int i = 0; i < others.others; i++) {
                executor.schedule(() -> {}, others.delay(i).toSeconds(), TimeUnit.SECONDS);
            }
        }

        @TearDown
        public void close() {
            executor.shutdownNow();
        }
    }

    @Benchmark
    @OperationsPerInvocation(LIMITS)
    public void jdkScheduledExecutor(BusyExecutor busy, Others others) throws Exception {
        Runnable nothing = () -> {};
        VirtualThreads.run(
                () -> {
                    for (int i = 0; i < LIMITS; i++) {
                        busy.executor.schedule(nothing, 1, TimeUnit.HOURS).cancel(false);
                    }
                });
    }

    /** Futures with other time limits; their timers are in a scheduler that all futures share. */
    @State(Scope.Benchmark)
    public static class BusyFutures {
        private CompletableFuture<?>[] waiting = {};

        @Setup
        public void setOthers(Others others) {
            waiting = new CompletableFuture<?>[others.others];
            for (int i = 0; i < waiting.length; i++) {
                waiting[i] =
                        new CompletableFuture<String>()
                                .orTimeout(others.delay(i).toSeconds(), TimeUnit.SECONDS);
            }
        }

        @TearDown
        public void close() {
            for (var future : waiting) {
                future.cancel(false);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(LIMITS)
    public void jdkOrTimeout(BusyFutures busy, Others others) throws Exception {
        VirtualThreads.run(
                () -> {
                    for (int i = 0; i < LIMITS; i++) {
                        new CompletableFuture<String>()
                                .orTimeout(1, TimeUnit.HOURS)
                                .complete("in time");
                    }
                });
    }
}
