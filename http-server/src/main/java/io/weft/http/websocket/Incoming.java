package io.weft.http.websocket;

import io.weft.Loop;
import io.weft.Selectable;

import java.util.concurrent.RejectedExecutionException;

/** Ready while a receive would not wait. Any thread. */
record Incoming(Loop loop, FrameInbox inbox) implements Selectable {
    @Override
    public void watch(Runnable told) {
        onLoop(() -> inbox.watch(told), told); // the next receive will say so
    }

    @Override
    public void unwatch(Runnable told) {
        onLoop(() -> inbox.unwatch(told), () -> {});
    }

    private void onLoop(Runnable action, Runnable ifItEnds) {
        if (loop.isCurrent() || loop.hasEnded()) {
            action.run();
        } else {
            try {
                loop.eventLoop().execute(action);
            } catch (RejectedExecutionException e) {
                ifItEnds.run();
            }
        }
    }
}
