package io.weft.pool;

import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.WaitLine;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * A group of limited size: who wants to start one more waits for a place, first come, first served
 * (gevent: Pool). A place is free as soon as a coroutine has ended, and is given to the one that
 * has waited longest. Any thread.
 *
 * <p>Differences from gevent: those of {@link Group}; instead of PoolFull, {@link #trySpawn}
 * returns null. There is no pool of size 0, and one without limit is a {@link Group}.
 */
public sealed class Pool extends Group permits ThreadPool {
    private final int capacity;
    private final WaitQueue places = new WaitQueue();
    private final WaitLine<Pool> onlookers = places.newLine(); // they take no place

    private int free; // guarded by places

    /**
     * A pool of {@code size} places.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public Pool(int size) {
        free = capacity = requirePlaces(size);
    }

    Pool(Supplier<Loop> place, int size) {
        super(place);
        free = capacity = requirePlaces(size);
    }

    private static int requirePlaces(int size) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "a pool has 1 place or more, but was to have "
                            + size
                            + "; one without limit is a Group");
        }
        return size;
    }

    /** A pool that starts its coroutines on the loops of {@code loops} in turn. */
    public static Pool over(LoopGroup loops, int size) {
        return new Pool(loops::next, size);
    }

    /** As {@link #spawn(Callable)}; null, and nothing started, if no place was free in time. */
    public <T extends @Nullable Object> @Nullable Coroutine<T> spawn(
            Callable<T> body, Duration timeout) throws InterruptedException {
        int before = kills();
        return takePlace(Deadline.in(timeout)) ? startInPlace(body, before) : null;
    }

    /** As {@link #spawn(Callable)}; null, and nothing started, if the pool is full. */
    public <T extends @Nullable Object> @Nullable Coroutine<T> trySpawn(Callable<T> body) {
        return tryTakePlace() ? startInPlace(body, kills()) : null;
    }

    /** As {@link #spawn(Callable, Duration)}, without a value. */
    public @Nullable Coroutine<@Nullable Void> spawn(Action body, Duration timeout)
            throws InterruptedException {
        return spawn(asCallable(body), timeout);
    }

    /** As {@link #trySpawn(Callable)}, without a value. */
    public @Nullable Coroutine<@Nullable Void> trySpawn(Action body) {
        return trySpawn(asCallable(body));
    }

    private static Callable<@Nullable Void> asCallable(Action body) {
        return () -> {
            body.run();
            return null;
        };
    }

    /** As {@link #add(Coroutine)}; false if no place was free in time. */
    public boolean add(Coroutine<?> coroutine, Duration timeout) throws InterruptedException {
        int before = kills();
        if (!takePlace(Deadline.in(timeout))) {
            return false;
        }
        enter(coroutine, before);
        return true;
    }

    /** As {@link #add(Coroutine)}; false if the pool is full. */
    public boolean tryAdd(Coroutine<?> coroutine) {
        if (!tryTakePlace()) {
            return false;
        }
        enter(coroutine, kills());
        return true;
    }

    private boolean tryTakePlace() {
        requireOpen();
        places.lock();
        try {
            if (free == 0) {
                return false;
            }
            free--;
            return true;
        } finally {
            places.unlock();
        }
    }

    @Override
    boolean takePlace(long deadline) throws InterruptedException {
        requireOpen();
        places.lock();
        try {
            if (free > 0) { // then nobody waits for one
                free--;
                return true;
            }
            return places.await(deadline, this); // woken with a place
        } finally {
            places.unlock();
        }
    }

    /** Throws if nothing can be started any more. */
    void requireOpen() {}

    @Override
    void givePlace() {
        places.lock();
        try {
            if (!places.wakeOne()) {
                free++;
                onlookers.wakeAll();
            }
        } finally {
            places.unlock();
        }
    }

    /** Waits until there is a free place, which another may be quicker to take. */
    public void waitAvailable() throws InterruptedException {
        waitAvailableUntil(Deadline.NEVER);
    }

    /** As {@link #waitAvailable()}; false if the time was over first. */
    public boolean waitAvailable(Duration timeout) throws InterruptedException {
        return waitAvailableUntil(Deadline.in(timeout));
    }

    private boolean waitAvailableUntil(long deadline) throws InterruptedException {
        places.lock();
        try {
            return free > 0 || onlookers.await(new WaitLine.Waiter<>(), deadline, this);
        } finally {
            places.unlock();
        }
    }

    /** How many could be started without waiting. */
    public int freeCount() {
        places.lock();
        try {
            return free;
        } finally {
            places.unlock();
        }
    }

    /** Whether {@link #spawn(Callable)} would wait. */
    public boolean isFull() {
        return freeCount() == 0;
    }

    /**
     * How many places are taken: by those in the pool, and by those who have waited for one and are
     * just about to use it.
     */
    @Override
    public int size() {
        return capacity - freeCount();
    }

    /** The most coroutines that run at once. */
    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    int spawners() {
        places.lock();
        try {
            return places.size();
        } finally {
            places.unlock();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName()
                + " of "
                + capacity
                + " places, "
                + freeCount()
                + " of them free";
    }
}
