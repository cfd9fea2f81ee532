package io.weft;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for futures that know nothing of coroutines. Who gives up leaves nothing behind, so one
 * that takes its time can be waited for again and again. Any thread.
 */
final class FutureWait {
    private FutureWait() {}

    /** False if the deadline came first. */
    static <T extends @Nullable Object> boolean await(Future<T> future, long deadline)
            throws InterruptedException {
        if (future.isDone()) {
            return true;
        }
        Thread waiter = Thread.currentThread();
        FutureListener<T> listener = _ -> LockSupport.unpark(waiter);
        future.addListener(listener);
        try {
            return parkUntilDone(future, deadline);
        } finally {
            if (!future.isDone()) {
                future.removeListener(listener);
            }
        }
    }

    /** False if the deadline came first. */
    static boolean await(CompletableFuture<?> future, long deadline) throws InterruptedException {
        if (future.isDone()) {
            return true;
        }
        Thread waiter = Thread.currentThread();
        // nothing takes back what is said to a future; but anyOf() leaves it as soon as the other
        // one is done
        var over = new CompletableFuture<@Nullable Void>();
        var _ =
                CompletableFuture.anyOf(future, over)
                        .whenComplete((value, failure) -> LockSupport.unpark(waiter));
        try {
            return parkUntilDone(future, deadline);
        } finally {
            over.complete(null);
        }
    }

    private static boolean parkUntilDone(java.util.concurrent.Future<?> future, long deadline)
            throws InterruptedException {
        while (!future.isDone()) {
            if (Deadline.isPast(deadline)) {
                return false;
            }
            Parking.until(deadline, future);
            if (Thread.interrupted()) {
                throw Coroutine.interruption();
            }
        }
        return true;
    }
}
