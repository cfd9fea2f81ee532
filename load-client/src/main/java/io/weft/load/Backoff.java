package io.weft.load;

/**
 * When a connection that is lost is made anew: at once, then after 10 ms and each time after twice
 * as long as before, up to a second (as gRPC's begins), until a reply has come again. One worker's.
 */
final class Backoff {
    private static final long MILLI = 1_000_000L;
    private static final long SHORTEST = 10 * MILLI;
    private static final long LONGEST = 1_000 * MILLI;

    private long pause;
    private long notBefore;
    private boolean failing;

    /** A connection was lost, or could not be made. */
    void failed(long now) {
        notBefore = now + pause;
        pause = pause == 0 ? SHORTEST : Math.min(LONGEST, 2 * pause);
        failing = true;
    }

    /** A reply has come. */
    void answered() {
        if (failing) {
            failing = false;
            pause = 0;
        }
    }

    /** How long to wait before the next try. */
    long nanos(long now) {
        return failing ? Math.max(0, notBefore - now) : 0;
    }
}
