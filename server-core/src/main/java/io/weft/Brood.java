package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The children of a {@link Nursery}: those that live, and what is to be said of those that failed.
 * No coroutine is killed while its lock is held, as that one's end takes it too. Any thread.
 */
final class Brood {
    /** Longer than what should be done on the way out, shorter than anybody's patience. */
    private static final Duration STRIKE_AGAIN = Duration.ofSeconds(1);

    private final WaitQueue queue = new WaitQueue();
    private volatile boolean cancelled;

    // guarded by queue
    private final Set<Coroutine<?>> children = new LinkedHashSet<>();
    private final List<Throwable> moreFailures = new ArrayList<>(0);
    private @Nullable Coroutine<?> firstFailed;
    private @Nullable Throwable firstFailure;
    private boolean closed;

    /** One that is about to be started; false if it comes too late. */
    boolean add(Coroutine<?> child) {
        queue.lock();
        try {
            return !closed && children.add(child);
        } finally {
            queue.unlock();
        }
    }

    /** It was added. If all have been cancelled, it never runs. */
    <T extends @Nullable Object> Coroutine<T> start(Coroutine<T> child) {
        try {
            child.watch(() -> ended(child));
            if (cancelled) {
                child.kill();
            }
            return child.start();
        } catch (Throwable e) {
            ended(child);
            throw e;
        }
    }

    private void ended(Coroutine<?> child) {
        queue.lock();
        try {
            children.remove(child);
            if (children.isEmpty()) {
                queue.wakeAll();
            }
        } finally {
            queue.unlock();
        }
    }

    void failed(Coroutine<?> child, Throwable failure) {
        queue.lock();
        try {
            if (firstFailure == null) {
                firstFailure = failure;
                firstFailed = child;
            } else {
                moreFailures.add(failure);
            }
        } finally {
            queue.unlock();
        }
    }

    /** All failures since the last call, as one exception; null if there were none. */
    @Nullable ExecutionException takeFailure() {
        queue.lock();
        try {
            if (firstFailure == null) {
                return null;
            }
            var failure = new ExecutionException(firstFailed + " failed", firstFailure);
            for (Throwable more : moreFailures) {
                if (more != firstFailure) {
                    failure.addSuppressed(more);
                }
            }
            firstFailure = null;
            firstFailed = null;
            moreFailures.clear();
            return failure;
        } finally {
            queue.unlock();
        }
    }

    /** Kills all, and those yet to come. */
    void cancel() {
        refuse();
        strike();
    }

    /** Those that come from now on are killed. */
    void refuse() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Kills those that live. */
    void strike() {
        List<Coroutine<?>> victims;
        queue.lock();
        try {
            victims = new ArrayList<>(children);
            queue.wakeAll(); // who waits is going to strike again
        } finally {
            queue.unlock();
        }
        victims.forEach(Coroutine::kill);
    }

    /** Nobody is going to wait for them. */
    void abandon() {
        queue.lock();
        try {
            closed = true;
        } finally {
            queue.unlock();
        }
        cancel();
    }

    /**
     * Waits until none lives, and strikes again and again if they have been cancelled.
     *
     * @param last whether none can be added after that
     * @return false if the deadline came first
     */
    boolean awaitNone(long deadline, boolean last) throws InterruptedException {
        while (true) {
            long again = cancelled ? Deadline.in(STRIKE_AGAIN) : Deadline.NEVER;
            queue.lock();
            try {
                if (children.isEmpty()) {
                    closed |= last;
                    return true;
                }
                if (Deadline.isPast(deadline)) {
                    return false;
                }
                queue.await(Deadline.nearer(deadline, again), this);
            } finally {
                queue.unlock();
            }
            if (Deadline.isPast(again)) {
                strike();
            }
        }
    }
}
