package io.weft.http.h1;

import io.weft.Timer;
import io.weft.server.StreamServer;

/**
 * The end of a connection that waits for a request while its server stops. One that was in use just
 * now, or has just been accepted, has a moment left for it: who sends on it cannot know yet. The
 * others end when the hub has looked once more for what has come. Loop-confined.
 */
final class LastCall extends Timer {
    private final Http1 http;

    LastCall(Http1 http) {
        super(http.connection().loop());
        this.http = http;
    }

    /**
     * Ends it when it has been quiet for long enough.
     *
     * @param quietSince of {@link io.weft.Loop#nanoTime()}
     */
    void begin(long quietSince) {
        long now = loop().nanoTime();
        long until = quietSince + StreamServer.LAST_CALL.toNanos();
        schedule(until - now > 0 ? until : now);
    }

    @Override
    protected void fire() {
        http.closeIfIdle();
    }
}
