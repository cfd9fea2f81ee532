package io.weft.load;

/**
 * Events at a steady rate, without drift: event n is due n / perSecond seconds after the start.
 * Immutable.
 *
 * @param start when event 0 is due, in nanoseconds of the run's clock
 */
record Pace(long start, long perSecond) {
    private static final long SECOND = 1_000_000_000L;

    /** When event {@code n} is due; in nanoseconds of the run's clock. */
    long due(long n) {
        // whole seconds apart from the rest: n * SECOND would overflow after nine thousand million
        // events
        return start + n / perSecond * SECOND + n % perSecond * SECOND / perSecond;
    }
}
