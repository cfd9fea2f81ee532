package io.weft.bench;

import io.weft.Weft;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.locks.LockSupport;

/** Two that wake each other and wait in turn. One operation is one hand-over, one way. */
@State(Scope.Benchmark)
public class Switch {
    private static final int SWITCHES = 100_000;

    private volatile int turn;

    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void weft(OneLoop loop) throws Exception {
        loop.run(
                () -> {
                    Thread one = Thread.currentThread();
                    var other = Weft.spawn(() -> alternate(1, one));
                    alternate(0, other.thread());
                    other.join();
                });
    }

    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void jdkPark() throws Exception {
        VirtualThreads.run(
                () -> {
                    Thread one = Thread.currentThread();
                    var other = VirtualThreads.start(() -> alternate(1, one));
                    alternate(0, other);
                    other.join();
                });
    }

    private void alternate(int own, Thread other) {
        for (int i = 0; i < SWITCHES / 2; i++) {
            while (turn != own) {
                LockSupport.park(this);
            }
            turn = 1 - own;
            LockSupport.unpark(other);
        }
    }
}
