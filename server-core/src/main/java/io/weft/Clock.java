package io.weft;

/** Where a loop's time comes from, so that tests can move it by hand. Any thread. */
interface Clock {
    Clock SYSTEM = System::nanoTime;

    /** Nanoseconds from an arbitrary point, never going back. */
    long nanoTime();
}
