package io.weft.queue;

import java.util.ArrayDeque;
import java.util.Collections;

/**
 * A queue that gives its newest item first (gevent: LifoQueue). Who waits is still served in the
 * order of coming. Any thread.
 *
 * <p>Differences from gevent: those of {@link Queue}.
 */
public final class LifoQueue<E> extends Queue<E> {
    /** A queue without limit: put never blocks. */
    public LifoQueue() {
        super(UNBOUNDED, Collections.asLifoQueue(new ArrayDeque<>()));
    }

    /**
     * A queue of at most {@code capacity} items.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public LifoQueue(int capacity) {
        super(requireRoom(capacity), Collections.asLifoQueue(new ArrayDeque<>()));
    }
}
