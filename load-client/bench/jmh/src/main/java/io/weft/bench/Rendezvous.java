package io.weft.bench;

import io.weft.Weft;
import io.weft.queue.Channel;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;

/** As {@link QueuePutGet}, but the one who puts waits until the item has been got. */
public class Rendezvous {
    private static final int ITEMS = 100_000;
    private static final String ITEM = "item";

    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void weft(OneLoop loop) throws Exception {
        var channel = new Channel<String>();
        loop.run(
                () -> {
                    Weft.spawn(
                            () -> {
                                for (int i = 0; i < ITEMS; i++) {
                                    channel.put(ITEM);
                                }
                            });
                    for (int i = 0; i < ITEMS; i++) {
                        channel.get();
                    }
                });
    }

    /** The fair one, as Weft's is. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void jdkSynchronousQueue() throws Exception {
        var queue = new SynchronousQueue<String>(true);
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

    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void jdkTransferQueue() throws Exception {
        var queue = new LinkedTransferQueue<String>();
        VirtualThreads.run(
                () -> {
                    VirtualThreads.start(
                            () -> {
                                for (int i = 0; i < ITEMS; i++) {
                                    queue.transfer(ITEM);
                                }
                            });
                    for (int i = 0; i < ITEMS; i++) {
                        queue.take();
                    }
                });
    }

    /** Both bring something, so that none is the getter; it does the same service. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void jdkExchanger() throws Exception {
        var exchanger = new Exchanger<String>();
        VirtualThreads.run(
                () -> {
                    VirtualThreads.start(
                            () -> {
                                for (int i = 0; i < ITEMS; i++) {
                                    exchanger.exchange(ITEM);
                                }
                            });
                    for (int i = 0; i < ITEMS; i++) {
                        exchanger.exchange(ITEM);
                    }
                });
    }
}
