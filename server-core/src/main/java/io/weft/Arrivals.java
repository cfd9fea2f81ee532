package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Several sources in the order in which they become ready; those that are ready at the start come
 * first, in the order given. Each comes once. Any thread.
 */
final class Arrivals<S extends Selectable> implements AutoCloseable {
    private final WaitQueue queue = new WaitQueue();
    private final List<Watch> watches = new ArrayList<>(); // not changed after the constructor

    // guarded by queue
    private final ArrayDeque<S> ready = new ArrayDeque<>();
    private int left;

    Arrivals(Iterable<? extends S> sources) {
        for (S source : sources) {
            watches.add(new Watch(source));
        }
        left = watches.size();
        for (Watch watch : watches) {
            watch.source.watch(watch);
        }
    }

    /** How many have still to be taken. */
    int left() {
        queue.lock();
        try {
            return left;
        } finally {
            queue.unlock();
        }
    }

    /**
     * The next one that is ready; null if the deadline comes first, or when all have been taken.
     */
    @Nullable S next(long deadline) throws InterruptedException {
        queue.lock();
        try {
            while (ready.isEmpty()) {
                if (left == 0 || !queue.await(deadline, this)) {
                    return null;
                }
            }
            left--;
            return ready.poll();
        } finally {
            queue.unlock();
        }
    }

    /** All that are ready now and have not been taken. */
    List<S> readyNow() {
        queue.lock();
        try {
            var now = new ArrayList<S>(ready);
            left -= now.size();
            ready.clear();
            return now;
        } finally {
            queue.unlock();
        }
    }

    /** Leaves nothing behind at the sources that have not become ready. */
    @Override
    public void close() {
        for (Watch watch : watches) {
            if (!watch.told) {
                watch.source.unwatch(watch);
            }
        }
    }

    @Override
    public String toString() {
        return "one of " + watches.size() + " to become ready";
    }

    private final class Watch implements Runnable {
        final S source;
        volatile boolean told;

        Watch(S source) {
            this.source = source;
        }

        /** Under the source's lock, so the order of locks is: source, then arrivals. */
        @Override
        public void run() {
            told = true;
            queue.lock();
            try {
                ready.add(source);
                queue.wakeOne();
            } finally {
                queue.unlock();
            }
        }
    }
}
