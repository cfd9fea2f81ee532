package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Points in time on the caller's clock: its loop's, or {@link System#nanoTime()} on a thread
 * without a loop. Any thread.
 */
public final class Deadline {
    /** Later than everything. */
    public static final long NEVER = Long.MAX_VALUE;

    /** 146 years: long enough, and deadlines can be compared by their difference. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private Deadline() {}

    /**
     * The deadline {@code timeout} from now; null never comes.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public static long in(@Nullable Duration timeout) {
        return timeout == null ? NEVER : now() + nanos(timeout);
    }

    /** Now on the caller's clock, in nanoseconds. */
    public static long now() {
        Loop loop = Loop.current();
        return loop == null ? System.nanoTime() : loop.nanoTime();
    }

    /** Whether {@code deadline} is now or was before. */
    public static boolean isPast(long deadline) {
        return deadline != NEVER && deadline - now() <= 0;
    }

    /** The one that comes first. */
    public static long nearer(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return one - other < 0 ? one : other;
    }

    /**
     * The duration in nanoseconds, at most 146 years.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "a time to wait cannot be negative, but was " + timeout);
        }
        try {
            return Math.min(timeout.toNanos(), LONGEST);
        } catch (ArithmeticException e) {
            return LONGEST;
        }
    }
}
