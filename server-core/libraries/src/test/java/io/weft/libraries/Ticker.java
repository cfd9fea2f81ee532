package io.weft.libraries;

import io.weft.Coroutine;
import io.weft.Weft;

import java.time.Duration;

/** A coroutine that ticks each 10 ms, if its loop lets it. */
final class Ticker implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private final Coroutine<?> coroutine = Weft.spawn(this::tick);
    private int ticks;
    private long longestGap;

    private void tick() throws InterruptedException {
        for (long last = System.nanoTime(); ; ticks++) {
            Weft.sleep(INTERVAL);
            long now = System.nanoTime();
            longestGap = Math.max(longestGap, now - last);
            last = now;
        }
    }

    int ticks() {
        return ticks;
    }

    Duration longestGap() {
        return Duration.ofNanos(longestGap);
    }

    @Override
    public void close() {
        coroutine.kill();
    }
}
