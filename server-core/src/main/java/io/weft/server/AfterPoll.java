package io.weft.server;

import io.weft.HubTask;
import io.weft.Loop;

import java.util.concurrent.RejectedExecutionException;

/**
 * Something to be done when a loop has been to the kernel and back. What is left for the hub's next
 * turn begins that turn; what it leaves itself as a task of Netty's comes behind the poll.
 */
final class AfterPoll extends HubTask {
    private final Loop loop;
    private final Runnable action;

    private AfterPoll(Loop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    /** On the hub. */
    static void of(Loop loop, Runnable action) {
        loop.onHub(new AfterPoll(loop, action));
    }

    @Override
    protected void run() {
        try {
            loop.eventLoop().execute(action);
        } catch (RejectedExecutionException e) {
            action.run(); // the loop has ended
        }
    }
}
