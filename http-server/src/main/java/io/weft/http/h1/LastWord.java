package io.weft.http.h1;

import io.weft.Coroutine;

import org.jspecify.annotations.Nullable;

/**
 * A handler that wants to be interrupted when its server stops, for as long as it runs, so that its
 * response can be given an end. Loop-confined.
 */
final class LastWord {
    private @Nullable Coroutine<?> handler;
    private boolean due; // it has been interrupted, or was to be
    private boolean serverStops;

    /** Of the running handler. */
    void wanted() {
        handler = Coroutine.current();
        if (serverStops) {
            interrupt();
        }
    }

    void serverStops() {
        serverStops = true;
        interrupt();
    }

    private void interrupt() {
        if (handler != null && !due) {
            due = true;
            handler.kill();
        }
    }

    /**
     * The handler has ended. Whether it has been interrupted; an interrupt that it has not noticed
     * is taken back. In the handler's coroutine.
     */
    boolean handlerEnded() {
        boolean wasDue = due;
        if (wasDue && handler != null) {
            handler.takeBackKill();
        }
        handler = null;
        due = false;
        return wasDue;
    }
}
