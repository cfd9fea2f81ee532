package io.weft.server;

import java.time.Duration;

/**
 * How long accepting pauses after an error: 10 ms, doubling to 1 s, until one succeeds (gevent:
 * min_delay, max_delay).
 */
final class Backoff {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofSeconds(1);

    private Duration next = LEAST;

    Duration next() {
        Duration current = next;
        Duration doubled = current.multipliedBy(2);
        next = doubled.compareTo(MOST) < 0 ? doubled : MOST;
        return current;
    }

    void reset() {
        next = LEAST;
    }
}
