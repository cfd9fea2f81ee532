package io.weft.bench;

import io.weft.pool.Pool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.List;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** Trivial jobs, at most ten at a time, each in a coroutine; results as they come. */
@State(Scope.Benchmark)
public class PoolImapUnordered {
    private static final int AT_A_TIME = 10;
    private static final int JOBS = 100_000;

    private List<Integer> jobs = List.of();

    @Setup
    public void makeJobs() {
        jobs = IntStream.range(0, JOBS).boxed().toList();
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void weft(OneLoop loop) throws Exception {
        loop.run(
                () -> {
                    long sum = 0;
                    for (int result : new Pool(AT_A_TIME).imapUnordered(jobs, job -> job)) {
                        sum += result;
                    }
                    check(sum);
                });
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void jdkCompletionService() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var completion = new ExecutorCompletionService<Integer>(executor);
            var places = new Semaphore(AT_A_TIME);
            VirtualThreads.run(
                    () -> {
                        VirtualThreads.start(
                                () -> {
                                    for (Integer job : jobs) {
                                        places.acquire();
                                        completion.submit(
                                                () -> {
                                                    try {
                                                        return job;
                                                    } finally {
                                                        places.release();
                                                    }
                                                });
                                    }
                                });
                        long sum = 0;
                        for (int i = 0; i < JOBS; i++) {
                            sum += completion.take().get();
                        }
                        check(sum);
                    });
        }
    }

    private static void check(long sum) {
        if (sum != JOBS * (JOBS - 1L) / 2) {
            throw new IllegalStateException("not every job was done once; their sum is " + sum);
        }
    }
}
