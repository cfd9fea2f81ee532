package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.Arrays;

/**
 * The timers of one loop: a heap of four children per node, in which every timer knows its place,
 * so that cancelling needs no search. Timers mostly come with later deadlines than those that wait,
 * so adding one is mostly a comparison; four children keep the path to the root short and within
 * few cache lines. Ties are broken by a sequence number: first set, first fired. Loop-confined.
 */
final class TimerHeap {
    private static final int ARITY = 4;

    private @Nullable Timer[] heap = new @Nullable Timer[64];
    private int size;
    private long sequence;
    private boolean closed;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    boolean isDue(long now) {
        return size > 0 && at(0).deadline - now <= 0;
    }

    /** The earliest deadline; only to be asked when not empty. */
    long earliest() {
        return at(0).deadline;
    }

    void schedule(Timer timer, long deadline) {
        cancel(timer);
        if (closed) {
            if (timer.index != Timer.FIRING) {
                fire(timer);
            }
            return;
        }
        timer.deadline = deadline;
        timer.sequence = sequence++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, timer);
    }

    void cancel(Timer timer) {
        int index = timer.index;
        if (index < 0) {
            return;
        }
        timer.index = Timer.IDLE;
        Timer last = at(--size);
        heap[size] = null;
        if (last == timer) {
            return;
        }
        if (index > 0 && before(last, at((index - 1) / ARITY))) {
            siftUp(index, last);
        } else {
            siftDown(index, last);
        }
    }

    /**
     * Fires what is due at {@code now}; what those set anew with a deadline already past waits for
     * the next call.
     */
    void fireDue(long now) {
        long newest = sequence;
        while (size > 0) {
            Timer timer = at(0);
            if (timer.deadline - now > 0 || timer.sequence >= newest) {
                return;
            }
            cancel(timer);
            fire(timer);
        }
    }

    /**
     * Fires all, due or not, and from now on each as soon as it is set: nobody shall wait for a
     * loop that has gone. One that sets itself again while it fires is dropped. Each of them may be
     * set on a thread of its own then, as there is no loop to do that.
     */
    void close() {
        closed = true;
        while (size > 0) {
            Timer timer = at(0);
            cancel(timer);
            fire(timer);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** One timer's mistake must not end the hub. */
    private void fire(Timer timer) {
        if (closed) {
            timer.index = Timer.FIRING;
        }
        try {
            timer.fire();
        } catch (Throwable e) {
            FailureLog.error(LoggerFactory.getLogger(Timer.class), timer, e);
        } finally {
            if (timer.index == Timer.FIRING) {
                timer.index = Timer.IDLE;
            }
        }
    }

    private void siftUp(int index, Timer timer) {
        while (index > 0) {
            int parent = (index - 1) / ARITY;
            Timer above = at(parent);
            if (!before(timer, above)) {
                break;
            }
            put(index, above);
            index = parent;
        }
        put(index, timer);
    }

    private void siftDown(int index, Timer timer) {
        for (int child; (child = index * ARITY + 1) < size; ) {
            int end = Math.min(child + ARITY, size);
            int least = child;
            for (int other = child + 1; other < end; other++) {
                if (before(at(other), at(least))) {
                    least = other;
                }
            }
            Timer below = at(least);
            if (!before(below, timer)) {
                break;
            }
            put(index, below);
            index = least;
        }
        put(index, timer);
    }

    private void put(int index, Timer timer) {
        heap[index] = timer;
        timer.index = index;
    }

    @SuppressWarnings("NullAway") // every place below size is filled
    private Timer at(int index) {
        return heap[index];
    }

    private static boolean before(Timer a, Timer b) {
        long difference = a.deadline - b.deadline;
        return difference < 0 || (difference == 0 && a.sequence - b.sequence < 0);
    }
}
