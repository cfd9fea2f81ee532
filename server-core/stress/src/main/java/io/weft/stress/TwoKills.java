package io.weft.stress;

import io.weft.Coroutine;
import io.weft.Weft;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads kill a coroutine that takes the first kill for something else: one is never lost. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It was killed before it began.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Both came as one.")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "It has heard both.")
@State
public class TwoKills {
    private volatile int heard;
    private final Coroutine<Object> waiter =
            Shared.LOOP.spawn(
                    () -> {
                        hear();
                        Weft.yieldNow();
                        return "done";
                    });

    private void hear() throws InterruptedException {
        try {
            Weft.sleep(Shared.FOR_EVER);
        } catch (InterruptedException e) {
            heard = 1;
        }
        try {
            Weft.yieldNow();
            Weft.yieldNow();
        } catch (InterruptedException e) {
            heard = 2;
        }
    }

    @Actor
    public void one() {
        waiter.kill();
    }

    @Actor
    public void two() {
        waiter.kill();
    }

    @Arbiter
    public void end(I_Result result) {
        Shared.join(waiter);
        result.r1 = heard;
    }
}
