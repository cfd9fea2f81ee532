package io.weft.server;

import io.weft.Loop;
import io.weft.net.Connection;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of one server that have yet to come to their handler: a PROXY header or a TLS
 * handshake comes before. When the server stops, those that have just been accepted have a moment
 * left for it, and the others are cut at once: nobody has asked for anything there. Any thread.
 */
final class Prologues {
    private final long moment;
    private final Map<Connection, Long> since = new ConcurrentHashMap<>(); // System.nanoTime()

    /** Within {@code moment} of being accepted a connection is a new one. */
    Prologues(Duration moment) {
        this.moment = moment.toNanos();
    }

    void begun(Connection connection) {
        since.put(connection, System.nanoTime());
    }

    /** False if that was before, or it was cut. */
    boolean ended(Connection connection) {
        return since.remove(connection) != null;
    }

    /** The server stops. */
    void stop(Loop loop) {
        long now = System.nanoTime();
        since.forEach(
                (connection, begun) -> {
                    if (now - begun >= moment) {
                        cut(connection);
                    }
                });
        loop.spawnLater(
                Duration.ofNanos(moment),
                () -> {
                    since.keySet().forEach(this::cut);
                    return true;
                });
    }

    private void cut(Connection connection) {
        if (ended(connection)) {
            connection.abort();
        }
    }
}
