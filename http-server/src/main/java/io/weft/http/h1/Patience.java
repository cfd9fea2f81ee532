package io.weft.http.h1;

import io.weft.Loop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How long a client is listened to that still sends what nobody will read: for some time between
 * two of its bytes, and for some time in all, or one byte now and then would hold a connection for
 * ever. Loop-confined.
 */
final class Patience {
    private static final Duration PAUSE = Duration.ofSeconds(5); // nginx: lingering_timeout
    private static final Duration WHOLE = Duration.ofSeconds(30); // nginx: lingering_time

    private final Loop loop;
    private final long end;

    /** Begins now. */
    Patience(Loop loop) {
        this.loop = loop;
        this.end = loop.nanoTime() + WHOLE.toNanos();
    }

    /** For how long to wait for the next bytes; null if there is no more patience. */
    @Nullable Duration next() {
        Duration left = Duration.ofNanos(end - loop.nanoTime());
        if (!left.isPositive()) {
            return null;
        }
        return left.compareTo(PAUSE) < 0 ? left : PAUSE;
    }
}
