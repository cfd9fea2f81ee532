package io.weft.http.websocket;

import io.weft.Loop;
import io.weft.Selectable;

/** Ready while a receive would not wait. Any thread. */
record Incoming(Loop loop, FrameInbox inbox) implements Selectable {
    @Override
    public void watch(Runnable told) {
        onLoop(() -> inbox.watch(told));
    }

    @Override
    public void unwatch(Runnable told) {
        onLoop(() -> inbox.unwatch(told));
    }

    private void onLoop(Runnable action) {
        if (loop.isCurrent() || loop.hasEnded()) {
            action.run();
        } else {
            loop.eventLoop().execute(action);
        }
    }
}
