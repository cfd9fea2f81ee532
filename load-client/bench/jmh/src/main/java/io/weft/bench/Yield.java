package io.weft.bench;

import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Weft;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Everyone goes to the back of the ready queue, over and over. One operation is one yield. */
@State(Scope.Benchmark)
public class Yield {
    private static final int YIELDS = 100_000;

    @Param({"2", "1000"})
    public int coroutines;

    @Benchmark
    @OperationsPerInvocation(YIELDS)
    public void weft(OneLoop loop) throws Exception {
        int each = YIELDS / coroutines;
        Action body =
                () -> {
                    for (int i = 0; i < each; i++) {
                        Weft.yieldNow();
                    }
                };
        loop.run(
                () -> {
                    var all = new Coroutine<?>[coroutines];
                    for (int i = 0; i < coroutines; i++) {
                        all[i] = Weft.spawn(body);
                    }
                    for (var one : all) {
                        one.join();
                    }
                });
    }

    @Benchmark
    @OperationsPerInvocation(YIELDS)
    public void jdkThreadYield() throws Exception {
        int each = YIELDS / coroutines;
        Action body =
                () -> {
                    for (int i = 0; i < each; i++) {
                        Thread.yield();
                    }
                };
        VirtualThreads.run(
                () -> {
                    var all = new Thread[coroutines];
                    for (int i = 0; i < coroutines; i++) {
                        all[i] = VirtualThreads.start(body);
                    }
                    for (var one : all) {
                        one.join();
                    }
                });
    }
}
