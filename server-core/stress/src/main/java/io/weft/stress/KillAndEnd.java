package io.weft.stress;

import io.weft.Coroutine;
import io.weft.sync.Event;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A coroutine is killed while what it waits for comes: it ends by one of the two. */
@JCStressTest
@Outcome(id = "SUCCEEDED", expect = Expect.ACCEPTABLE, desc = "The event came first.")
@Outcome(id = "KILLED", expect = Expect.ACCEPTABLE, desc = "The kill came first.")
@State
public class KillAndEnd {
    private final Event event = new Event();
    private final Coroutine<String> waiter =
            Shared.LOOP.spawn(
                    () -> {
                        event.await();
                        return "done";
                    });

    @Actor
    public void kill() {
        waiter.kill();
    }

    @Actor
    public void set() {
        event.set();
    }

    @Arbiter
    public void end(L_Result result) {
        Shared.join(waiter);
        result.r1 = waiter.state();
    }
}
