package io.weft.process;

import io.weft.Daemons;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that do what the JDK does by blocking calls of the system: starting a child, reading
 * and writing pipes and files. The JDK does not park a virtual thread there: in a coroutine they
 * would hold the whole loop. Any thread.
 *
 * <p>There is no limit on them, because each may wait for a child that waits for another; they go
 * when they have been idle. They are daemons: one that is still in a read does not keep the process
 * alive.
 */
final class Helpers {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Idle threads go after so long (gevent's threadpool: 10 s). */
    private static final long IDLE_SECONDS = 10;

    /** Where idle threads wait; what nobody takes from here needs one more thread. */
    private static final SynchronousQueue<Runnable> IDLE = new SynchronousQueue<>();

    private static final ExecutorService THREADS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    IDLE,
                    task -> daemon("weft-helper-" + COUNT.incrementAndGet(), task));

    /** Starts the others: the system takes its time for that, and a loop has none to wait. */
    private static final ExecutorService STARTER =
            Executors.newSingleThreadExecutor(task -> daemon("weft-helper-starter", task));

    private Helpers() {}

    private static Thread daemon(String name, Runnable task) {
        return Daemons.named(name).unstarted(task);
    }

    /** Has {@code call} made on a thread of its own. */
    static <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> call) {
        var future = new CompletableFuture<T>();
        Runnable work = () -> make(call, future);
        if (!IDLE.offer(work)) {
            STARTER.execute(
                    () -> {
                        try {
                            THREADS.execute(work);
                        } catch (Throwable e) { // there are no more threads to be had
                            future.completeExceptionally(e);
                        }
                    });
        }
        return future;
    }

    private static <T extends @Nullable Object> void make(
            Callable<T> call, CompletableFuture<T> future) {
        try {
            future.complete(call.call());
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    /**
     * The value of a submitted call. Killing the waiter does not end the call.
     *
     * @throws IOException what the call threw, also in its place for the rest it threw
     */
    static <T extends @Nullable Object> T await(CompletableFuture<T> call)
            throws IOException, InterruptedException {
        try {
            return Weft.await(call);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** An unchecked {@code cause} is thrown. */
    static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /** What a stream throws when its user is killed or at a limit. */
    static InterruptedIOException interrupted(InterruptedException cause) {
        var exception = new InterruptedIOException(cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
