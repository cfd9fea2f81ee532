package io.weft;

import org.jspecify.annotations.Nullable;

/**
 * Something that a coroutine leaves for the hub of its loop: done on the hub's next turn, that is
 * when the coroutine next blocks, without a system call or an allocation. The same task can be left
 * again as soon as it has run, and leaving it twice before that runs it once. What is left when the
 * hub has ended runs without it, on the loop's own thread, so that it can let go of what it holds.
 * Loop-confined.
 *
 * @see Loop#onHub(HubTask)
 */
public abstract class HubTask {
    @Nullable HubTask next;
    boolean queued;

    /** Runs on the hub: Netty may be called, nothing may block, and user code may not be run. */
    protected abstract void run();
}
