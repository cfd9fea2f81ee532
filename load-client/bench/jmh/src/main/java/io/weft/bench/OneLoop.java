package io.weft.bench;

import io.weft.Action;
import io.weft.LoopGroup;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Weft's side: one loop, on which a program runs as a coroutine. */
@State(Scope.Benchmark)
public class OneLoop {
    private final LoopGroup group = LoopGroup.create(1);

    void run(Action program) throws Exception {
        group.next()
                .call(
                        () -> {
                            program.run();
                            return null;
                        });
    }

    @TearDown
    public void close() {
        group.close();
    }
}
