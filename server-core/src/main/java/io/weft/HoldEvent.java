package io.weft;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import java.time.Duration;

/** A loop that was held, for the flight recorder: {@code weft.LoopHeld}. */
@Name("weft.LoopHeld")
@Label("Loop held")
@Category("Weft")
@Description("A coroutine has held on to its loop's thread")
@StackTrace(false) // of the thread that has noticed it
final class HoldEvent extends Event {
    @Label("Loop")
    final String loop;

    @Label("Coroutine")
    final String coroutine;

    @Label("Kind")
    @Description("One of io.weft.Hold")
    final String kind;

    @Label("Held for")
    @Timespan(Timespan.NANOSECONDS)
    final long heldFor;

    @Label("Relieved")
    @Description("Whether the loop goes on on another thread")
    final boolean relieved;

    @Label("Stack of the coroutine")
    final String stack;

    HoldEvent(
            Loop loop, Thread thread, Hold hold, Duration heldFor, boolean relieved, String stack) {
        this.loop = loop.toString();
        this.coroutine = Stuck.name(thread);
        this.kind = hold.name();
        this.heldFor = heldFor.toNanos();
        this.relieved = relieved;
        this.stack = stack;
    }
}
