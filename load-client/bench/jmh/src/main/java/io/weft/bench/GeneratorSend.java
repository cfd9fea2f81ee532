package io.weft.bench;

import io.weft.Generator;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.util.concurrent.SynchronousQueue;

/** A value in, a value out. One operation is one send: to the body and back. */
public class GeneratorSend {
    private static final int SENDS = 100_000;

    @Benchmark
    @OperationsPerInvocation(SENDS)
    public void weft(OneLoop loop) throws Exception {
        loop.run(
                () -> {
                    try (var echo =
                            new Generator<String, String>(
                                    outside -> {
                                        for (String in = ""; in != null; ) {
                                            in = outside.yield(in);
                                        }
                                    })) {
                        echo.next();
                        for (int i = 0; i < SENDS; i++) {
                            echo.send("value");
                        }
                    }
                });
    }

    /** The JDK has no generator; it would be made of a thread and two queues. */
    @Benchmark
    @OperationsPerInvocation(SENDS)
    public void jdkSynchronousQueues() throws Exception {
        var in = new SynchronousQueue<String>();
        var out = new SynchronousQueue<String>();
        VirtualThreads.run(
                () -> {
                    VirtualThreads.start(
                            () -> {
                                for (int i = 0; i < SENDS; i++) {
                                    out.put(in.take());
                                }
                            });
                    for (int i = 0; i < SENDS; i++) {
                        in.put("value");
                        out.take();
                    }
                });
    }
}
