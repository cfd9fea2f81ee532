package io.weft.stress;

import io.weft.Coroutine;
import io.weft.sync.Semaphore;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A permit is given to a coroutine that is being killed: it is that one's, or it is there again.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "It has it.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It was killed.")
@State
public class KillAndHandOver {
    private final Semaphore permits = new Semaphore(0);
    private volatile int taken;
    private final Coroutine<Object> taker =
            Shared.LOOP.spawn(
                    () -> {
                        permits.acquire();
                        taken = 1;
                        return "done";
                    });

    @Actor
    public void kill() {
        taker.kill();
    }

    @Actor
    public void release() {
        permits.release();
    }

    @Arbiter
    public void end(II_Result result) {
        Shared.join(taker);
        result.r1 = taken;
        result.r2 = permits.available();
    }
}
