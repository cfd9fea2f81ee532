package io.weft.sync;

/**
 * A semaphore that never has more permits than at its start: releasing once too often is an error
 * (gevent: BoundedSemaphore). Any thread.
 *
 * <p>Differences from gevent: the error is an {@link IllegalStateException}.
 */
public final class BoundedSemaphore extends Semaphore {
    /**
     * A semaphore with so many permits, and never more.
     *
     * @throws IllegalArgumentException if negative
     */
    public BoundedSemaphore(int permits) {
        super(permits, permits);
    }
}
