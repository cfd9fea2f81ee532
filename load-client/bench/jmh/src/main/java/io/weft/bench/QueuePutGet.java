package io.weft.bench;

import io.weft.Weft;
import io.weft.queue.Queue;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;

/** One puts, another gets. One operation is one item from hand to hand. */
@State(Scope.Benchmark)
public class QueuePutGet {
    private static final int ITEMS = 100_000;
    private static final int UNBOUNDED = Integer.MAX_VALUE;
    private static final String ITEM = "item";

    @Param({"16", "" + UNBOUNDED})
    public int capacity;

    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void weft(OneLoop loop) throws Exception {
        var queue = new Queue<String>(capacity);
        loop.run(
                () -> {
                    Weft.spawn(
                            () -> {
                                for (int i = 0; i < ITEMS; i++) {
                                    queue.put(ITEM);
                                }
                            });
                    for (int i = 0; i < ITEMS; i++) {
                        queue.get();
                    }
                });
    }

    /** The array has its limit; without one, the transfer queue takes its place. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void jdkArrayOrTransferQueue() throws Exception {
        transfer(
                capacity == UNBOUNDED
                        ? new LinkedTransferQueue<>()
                        : new ArrayBlockingQueue<>(capacity));
    }

    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void jdkLinkedBlockingQueue() throws Exception {
        transfer(new LinkedBlockingQueue<>(capacity));
    }

    private static void transfer(BlockingQueue<String> queue) throws Exception {
        VirtualThreads.run(
                () -> {
                    VirtualThreads.start(
                            () -> {
                                for (int i = 0; i < ITEMS; i++) {
                                    queue.put(ITEM);
                                }
                            });
                    for (int i = 0; i < ITEMS; i++) {
                        queue.take();
                    }
                });
    }
}
