package io.weft.bench;

import io.weft.Action;
import io.weft.Weft;
import io.weft.sync.Event;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;

/**
 * A thousand wait for one event, are woken, and wait for the next. One operation is one waiter
 * woken: its wait, the event's share in waking it, its report.
 */
public class EventWake {
    private static final int WAITERS = 1000;
    private static final int ROUNDS = 100;
    private static final int WAKES = WAITERS * ROUNDS;

    @Benchmark
    @OperationsPerInvocation(WAKES)
    public void weft(OneLoop loop) throws Exception {
        loop.run(
                () -> {
                    var rounds = new EventRound[ROUNDS];
                    for (int i = 0; i < ROUNDS; i++) {
                        rounds[i] = new EventRound();
                    }
                    Action waiter =
                            () -> {
                                for (var round : rounds) {
                                    round.go.await();
                                    round.report();
                                }
                            };
                    for (int i = 0; i < WAITERS; i++) {
                        Weft.spawn(waiter);
                    }
                    Weft.yieldNow(); // until all wait
                    for (var round : rounds) {
                        round.go.set();
                        round.all.await();
                    }
                });
    }

    /** Loop-confined: a plain counter will do. */
    private static final class EventRound {
        final Event go = new Event();
        final Event all = new Event();
        private int reported;

        void report() {
            if (++reported == WAITERS) {
                all.set();
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(WAKES)
    public void jdkCountDownLatch() throws Exception {
        VirtualThreads.run(
                () -> {
                    var go = latches(1);
                    var all = latches(WAITERS);
                    for (int i = 0; i < WAITERS; i++) {
                        VirtualThreads.start(
                                () -> {
                                    for (int round = 0; round < ROUNDS; round++) {
                                        go[round].await();
                                        all[round].countDown();
                                    }
                                });
                    }
                    Thread.yield();
                    for (int round = 0; round < ROUNDS; round++) {
                        go[round].countDown();
                        all[round].await();
                    }
                });
    }

    private static CountDownLatch[] latches(int count) {
        var latches = new CountDownLatch[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            latches[i] = new CountDownLatch(count);
        }
        return latches;
    }

    @Benchmark
    @OperationsPerInvocation(WAKES)
    public void jdkPhaser() throws Exception {
        var phaser = new Phaser(WAITERS + 1);
        VirtualThreads.run(
                () -> {
                    for (int i = 0; i < WAITERS; i++) {
                        VirtualThreads.start(() -> advance(phaser));
                    }
                    advance(phaser);
                });
    }

    private static void advance(Phaser phaser) {
        for (int round = 0; round < ROUNDS; round++) {
            phaser.arriveAndAwaitAdvance();
        }
    }
}
