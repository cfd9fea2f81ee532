package io.weft.queue;

import java.util.Comparator;

/**
 * A queue that gives its least item first (gevent: PriorityQueue). Of equal items the one that was
 * put first comes first. Any thread.
 *
 * <p>Differences from gevent: those of {@link Queue}; and equal items keep their order, which
 * gevent's heap leaves open.
 */
public final class PriorityQueue<E> extends Queue<E> {
    private PriorityQueue(Comparator<? super E> order, int capacity) {
        super(capacity, new StableHeap<>(order));
    }

    /** A queue without limit, by {@code order}. */
    public PriorityQueue(Comparator<? super E> order) {
        this(order, UNBOUNDED);
    }

    /**
     * A queue of at most {@code capacity} items, by {@code order}.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public PriorityQueue(int capacity, Comparator<? super E> order) {
        this(order, requireRoom(capacity));
    }

    /** A queue without limit, by the items' own order. */
    public static <E extends Comparable<? super E>> PriorityQueue<E> natural() {
        return new PriorityQueue<>(Comparator.<E>naturalOrder());
    }

    /**
     * A queue of at most {@code capacity} items, by the items' own order.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public static <E extends Comparable<? super E>> PriorityQueue<E> natural(int capacity) {
        return new PriorityQueue<>(capacity, Comparator.<E>naturalOrder());
    }
}
