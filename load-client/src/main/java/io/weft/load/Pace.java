package io.weft.load;

/**
 * Events at a steady rate, without drift: event n is due n / perSecond seconds after the start.
 * Immutable.
 *
 * @param start when event 0 is due, in nanoseconds of the run's clock
 * @param perSecond at most {@value #FASTEST}
 */
record Pace(long start, long perSecond) {
    /** One event a nanosecond, the clock's own unit. */
    static final long FASTEST = 1_000_000_000L;

    private static final long SECOND = 1_000_000_000L;

    /** When event {@code n} is due; in nanoseconds of the run's clock. */
    long due(long n) {
        // whole seconds apart from the rest: n * SECOND would overflow after nine thousand million
        // events
        return start + span(n);
    }

    /**
     * How long {@code events} of them take, the time that the last one has to itself included; at
     * most what a clock can show.
     */
    long span(long events) {
        if (events / perSecond >= Long.MAX_VALUE / SECOND) {
            return Long.MAX_VALUE;
        }
        return events / perSecond * SECOND + events % perSecond * SECOND / perSecond;
    }

    /** How many events are due before {@code time}. */
    long countBefore(long time) {
        long nanos = time - start;
        if (nanos <= 0) {
            return 0;
        }
        long rest = nanos % SECOND * perSecond;
        long count = nanos / SECOND * perSecond + rest / SECOND + 1;
        // a due time is rounded down, so that the division may come out one too high or too low
        while (count > 0 && due(count - 1) - time >= 0) {
            count--;
        }
        while (due(count) - time < 0) {
            count++;
        }
        return count;
    }
}
