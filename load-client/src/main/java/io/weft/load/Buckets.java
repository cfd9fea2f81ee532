package io.weft.load;

/**
 * Latencies sorted into few classes, four to each doubling: coarse enough to be kept for every
 * moment of a run, fine enough for a picture of it. Stateless.
 */
final class Buckets {
    /** About a microsecond: no reply over any network is faster, so the first class has them. */
    private static final int LOWEST_EXPONENT = 10;

    /** 2 to this is more than {@link Tally#HIGHEST_NANOS}. */
    private static final int HIGHEST_EXPONENT = 42;

    private static final int PER_DOUBLING = 4;
    private static final int PER_DOUBLING_BITS = 2;

    static final int COUNT = 1 + PER_DOUBLING * (HIGHEST_EXPONENT - LOWEST_EXPONENT);

    private Buckets() {}

    /** The class that a latency belongs to. */
    static int of(long nanos) {
        if (nanos < 1L << LOWEST_EXPONENT) {
            return 0;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int part = (int) (nanos >>> (exponent - PER_DOUBLING_BITS)) & (PER_DOUBLING - 1);
        return Math.min(COUNT - 1, 1 + PER_DOUBLING * (exponent - LOWEST_EXPONENT) + part);
    }

    /** The least latency of a class; that of the class after the last is where the last ends. */
    static long lowest(int bucket) {
        if (bucket == 0) {
            return 0;
        }
        int exponent = LOWEST_EXPONENT + (bucket - 1) / PER_DOUBLING;
        int part = (bucket - 1) % PER_DOUBLING;
        return (long) (PER_DOUBLING + part) << (exponent - PER_DOUBLING_BITS);
    }
}
