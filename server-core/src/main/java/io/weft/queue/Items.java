package io.weft.queue;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/**
 * Takes the items out of a queue, waiting for each, until the queue is shut down and empty. Used by
 * one thread.
 */
final class Items<E> implements Iterator<E> {
    private final Queue<E> queue;
    private @Nullable E next;

    Items(Queue<E> queue) {
        this.queue = queue;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = queue.get();
            } catch (QueueShutDownException e) {
                return false;
            } catch (InterruptedException e) {
                // the cause tells Weft that this is a kill or a timeout, and whose
                var cancelled = new CancellationException("waiting for an item: " + e.getMessage());
                cancelled.initCause(e);
                throw cancelled;
            }
        }
        return true;
    }

    @Override
    public E next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the queue was shut down and is empty");
        }
        E item = next;
        next = null;
        if (item == null) {
            throw new IllegalStateException("an iterator is used by one thread");
        }
        return item;
    }
}
