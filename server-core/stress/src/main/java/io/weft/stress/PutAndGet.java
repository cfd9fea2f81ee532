package io.weft.stress;

import io.weft.Coroutine;
import io.weft.queue.Queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A thread and a coroutine take what another puts: each item comes to one of them, once. */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "As they stood.")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The other way round.")
@State
public class PutAndGet {
    private final Queue<Integer> queue = new Queue<>();
    private final Coroutine<Integer> taker = Shared.LOOP.spawn(() -> queue.get());

    @Actor
    public void put() {
        boolean _ = queue.tryPut(1);
        boolean _ = queue.tryPut(2);
    }

    @Actor
    public void take(II_Result result) {
        result.r1 = Shared.value(queue::get);
    }

    @Arbiter
    public void end(II_Result result) {
        result.r2 = Shared.value(taker::get);
    }
}
