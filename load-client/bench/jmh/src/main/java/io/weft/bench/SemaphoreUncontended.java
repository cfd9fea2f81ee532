package io.weft.bench;

import io.weft.sync.Semaphore;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** A permit taken and given back, with nobody else near. One operation is the pair. */
public class SemaphoreUncontended {
    private static final int PAIRS = 100_000;

    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public void weft(OneLoop loop) throws Exception {
        var semaphore = new Semaphore(1);
        loop.run(
                () -> {
                    for (int i = 0; i < PAIRS; i++) {
                        semaphore.acquire();
                        semaphore.release();
                    }
                });
    }

    /** The fair one, as Weft's is. */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public void jdkSemaphore() throws Exception {
        var semaphore = new java.util.concurrent.Semaphore(1, true);
        VirtualThreads.run(
                () -> {
                    for (int i = 0; i < PAIRS; i++) {
                        semaphore.acquire();
                        semaphore.release();
                    }
                });
    }
}
