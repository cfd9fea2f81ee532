package io.weft.debug;

import io.weft.Coroutine;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One coroutine as it was when it was looked at.
 *
 * @param id of {@link Coroutine#id()}
 * @param parentId of the coroutine that made it; 0 if none did
 * @param state where in its life it is
 * @param threadId of its virtual thread, as in the JDK's own dumps
 * @param activity RUNNABLE if it runs or could, else how it waits
 * @param age since it was made
 * @param waitsOn what it waits on, if it waits and its blocker is known
 * @param stack innermost call first
 */
public record CoroutineInfo(
        long id,
        @Nullable String name,
        long parentId,
        Coroutine.State state,
        long threadId,
        Thread.State activity,
        Duration age,
        @Nullable String waitsOn,
        List<StackTraceElement> stack) {

    /** Any thread; the coroutine itself may go on meanwhile. */
    static CoroutineInfo of(Coroutine<?> coroutine, Thread thread) {
        Thread.State activity = thread.getState();
        return new CoroutineInfo(
                coroutine.id(),
                coroutine.name(),
                coroutine.parentId(),
                coroutine.state(),
                thread.threadId(),
                activity,
                Duration.ofNanos(coroutine.loop().nanoTime() - coroutine.createdAt()),
                activity == Thread.State.RUNNABLE ? null : blocker(thread),
                List.of(thread.getStackTrace()));
    }

    private static @Nullable String blocker(Thread thread) {
        Object blocker = LockSupport.getBlocker(thread);
        if (blocker == null) {
            return null; // a monitor, or one of the JDK's own waits: the stack tells
        }
        if (blocker instanceof Duration duration) {
            return "sleep " + duration;
        }
        try {
            return blocker.toString();
        } catch (RuntimeException e) {
            return blocker.getClass().getName(); // a stranger's toString shall not spoil the dump
        }
    }

    /** As its {@link Coroutine#toString()}. */
    public String title() {
        return name == null || name.isEmpty()
                ? "coroutine-" + id
                : "coroutine-" + id + " '" + name + "'";
    }
}
