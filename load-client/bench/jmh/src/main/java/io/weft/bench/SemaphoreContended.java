package io.weft.bench;

import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.sync.Semaphore;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * Ten that want the only permit; who has it lets the others run before it gives it back, so that
 * all of them wait. One operation is a turn: acquire, yield, release.
 */
public class SemaphoreContended {
    private static final int WANTING = 10;
    private static final int TURNS = 100_000;

    @Benchmark
    @OperationsPerInvocation(TURNS)
    public void weft(OneLoop loop) throws Exception {
        var semaphore = new Semaphore(1);
        Action body =
                () -> {
                    for (int i = 0; i < TURNS / WANTING; i++) {
                        semaphore.acquire();
                        Weft.yieldNow();
                        semaphore.release();
                    }
                };
        loop.run(
                () -> {
                    var all = new Coroutine<?>[WANTING];
                    for (int i = 0; i < WANTING; i++) {
                        all[i] = Weft.spawn(body);
                    }
                    for (var one : all) {
                        one.join();
                    }
                });
    }

    /** The fair one, as Weft's is: an unfair permit would stay with who has just released it. */
    @Benchmark
    @OperationsPerInvocation(TURNS)
    public void jdkSemaphore() throws Exception {
        var semaphore = new java.util.concurrent.Semaphore(1, true);
        Action body =
                () -> {
                    for (int i = 0; i < TURNS / WANTING; i++) {
                        semaphore.acquire();
                        Thread.yield();
                        semaphore.release();
                    }
                };
        VirtualThreads.run(
                () -> {
                    var all = new Thread[WANTING];
                    for (int i = 0; i < WANTING; i++) {
                        all[i] = VirtualThreads.start(body);
                    }
                    for (var one : all) {
                        one.join();
                    }
                });
    }
}
