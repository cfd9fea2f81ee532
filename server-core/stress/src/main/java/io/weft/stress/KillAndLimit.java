package io.weft.stress;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

import java.time.Duration;

/** A kill comes while a limit inside is reached: what catches the limit does not lose the kill. */
@JCStressTest
@Outcome(id = "KILLED", expect = Expect.ACCEPTABLE, desc = "The kill was heard in the end.")
@State
public class KillAndLimit {
    private final Coroutine<Object> waiter =
            Shared.LOOP.spawn(
                    () -> {
                        while (true) {
                            Timeout.callOr(
                                    Duration.ofNanos(1_000),
                                    "late",
                                    () -> {
                                        Weft.sleep(Shared.FOR_EVER);
                                        return "never";
                                    });
                        }
                    });

    @Actor
    public void kill() {
        waiter.kill();
    }

    @Actor
    public void look() {
        boolean _ = waiter.isDone();
    }

    @Arbiter
    public void end(L_Result result) {
        Shared.join(waiter);
        result.r1 = waiter.state();
    }
}
