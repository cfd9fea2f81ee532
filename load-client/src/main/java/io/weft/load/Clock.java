package io.weft.load;

import io.weft.Weft;

import java.time.Duration;

/** The time that latencies are counted in. Any thread or coroutine. */
interface Clock {
    Clock SYSTEM =
            new Clock() {
                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }

                @Override
                public void sleepUntil(long nanoTime) throws InterruptedException {
                    long left = nanoTime - System.nanoTime();
                    if (left > 0) {
                        Weft.sleep(Duration.ofNanos(left));
                    }
                }
            };

    /** Nanoseconds from an arbitrary point, as {@link System#nanoTime()}. */
    long nanoTime();

    /** Waits; returns at once if the time is past. */
    void sleepUntil(long nanoTime) throws InterruptedException;
}
