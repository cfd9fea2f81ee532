package io.weft.debug;

import io.weft.Hold;
import io.weft.Loop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What a {@link LoopMonitor} has noticed.
 *
 * @param loop that did not go on
 * @param duration for which it has been held so far
 * @param hold what it does
 * @param thread that holds it, a coroutine's or the hub's; null if this JDK does not tell
 * @param stack of that thread, innermost call first
 * @param unreported earlier holds of this loop that went unreported to keep the log short
 */
public record HeldLoop(
        Loop loop,
        Duration duration,
        Hold hold,
        @Nullable Thread thread,
        List<StackTraceElement> stack,
        int unreported) {

    /** As it is logged, with the stack on lines of its own. */
    public String text() {
        var text =
                new StringBuilder()
                        .append(loop)
                        .append(" has been held for ")
                        .append(duration.toMillis())
                        .append(" ms by ");
        if (thread == null) {
            text.append("an unknown coroutine");
        } else {
            text.append("thread #").append(thread.threadId());
            if (!thread.getName().isEmpty()) {
                text.append(" '").append(thread.getName()).append('\'');
            }
        }
        if (unreported > 0) {
            text.append(" (and ").append(unreported).append(" times before, unreported)");
        }
        text.append(", which ").append(hold.what()).append("; ").append(hold.remedy()).append('\n');
        DumpText.appendStack(text, stack, "    ");
        return text.toString();
    }

    String stackText() {
        var text = new StringBuilder();
        DumpText.appendStack(text, stack, "");
        return text.toString();
    }
}
