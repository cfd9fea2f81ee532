package io.weft;

import java.util.ArrayDeque;

/**
 * Those who {@link Selectable#watch watch} one source. Guarded as the state of the source is: by
 * its lock or its loop.
 */
public final class Watchers {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(1);

    /** Somebody who is told with the next {@link #tell()}. */
    public void add(Runnable told) {
        waiting.add(told);
    }

    /** Takes somebody out who needs not be told any more. */
    public void remove(Runnable told) {
        waiting.remove(told);
    }

    /** Tells all, in the order in which they came, and forgets them. */
    public void tell() {
        for (Runnable told; (told = waiting.poll()) != null; ) {
            told.run();
        }
    }
}
