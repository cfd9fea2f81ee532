package io.weft.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads give work to a loop that goes to sleep, or is just about to: it does both. */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Both were done.")
@State
public class TwoSubmit {
    @Actor
    public void one(II_Result result) {
        result.r1 = Shared.value(() -> Shared.LOOP.call(() -> 1));
    }

    @Actor
    public void two(II_Result result) {
        result.r2 = Shared.value(() -> Shared.LOOP.call(() -> 2));
    }
}
