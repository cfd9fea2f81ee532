package io.weft.bench;

import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Weft;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A life without work: started, run, ended, joined; one by one, and many at once. */
@State(Scope.Benchmark)
public class SpawnJoin {
    private static final int LIVES = 100_000;
    private static final Action NOTHING = () -> {};

    @Param({"1", "1000"})
    public int together;

    @Benchmark
    @OperationsPerInvocation(LIVES)
    public void weft(OneLoop loop) throws Exception {
        loop.run(
                () -> {
                    var alive = new Coroutine<?>[together];
                    for (int lived = 0; lived < LIVES; lived += together) {
                        for (int i = 0; i < together; i++) {
                            alive[i] = Weft.spawn(NOTHING);
                        }
                        for (var one : alive) {
                            one.join();
                        }
                    }
                });
    }

    @Benchmark
    @OperationsPerInvocation(LIVES)
    public void jdkStartVirtualThread() throws Exception {
        Runnable nothing = () -> {};
        VirtualThreads.run(
                () -> {
                    var alive = new Thread[together];
                    for (int lived = 0; lived < LIVES; lived += together) {
                        for (int i = 0; i < together; i++) {
                            alive[i] = Thread.startVirtualThread(nothing);
                        }
                        for (var one : alive) {
                            one.join();
                        }
                    }
                });
    }
}
