package io.weft;

/** How often a loop had to go on without its own thread, for tests that expect that it had not. */
public final class Reliefs {
    private Reliefs() {}

    /** In this process, of a coroutine that was parked and pinned. Any thread. */
    public static long count() {
        return WatchedLoop.PARKED_RELIEVED.sum();
    }
}
