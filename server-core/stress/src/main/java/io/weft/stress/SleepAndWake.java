package io.weft.stress;

import io.weft.Coroutine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import java.util.concurrent.locks.LockSupport;

/** A thread unparks a coroutine that is about to park by the JDK: it is not missed. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "It has gone on.")
@State
public class SleepAndWake {
    private volatile int told;
    private volatile Thread parked;
    private final Coroutine<Integer> sleeper =
            Shared.LOOP.spawn(
                    () -> {
                        parked = Thread.currentThread();
                        while (told < 2) {
                            LockSupport.park(this);
                        }
                        return told;
                    });

    private synchronized void tell() {
        told++;
        LockSupport.unpark(parked); // null: it has yet to look
    }

    @Actor
    public void one() {
        tell();
    }

    @Actor
    public void two() {
        tell();
    }

    @Arbiter
    public void end(I_Result result) {
        result.r1 = Shared.value(sleeper::get);
    }
}
