package io.weft.process;

import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that do what the JDK does by blocking calls of the system: starting a child, reading
 * and writing its pipes. These are file I/O to the JDK, which does not park a virtual thread there:
 * in a coroutine they would hold the whole loop. Any thread.
 *
 * <p>There is no limit on them, because each may wait for a child that waits for another; they go
 * when they have been idle.
 */
final class Helpers {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Idle threads go after so long (gevent's threadpool: 10 s). */
    private static final long IDLE_SECONDS = 10;

    private static final ExecutorService THREADS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    task ->
                            Thread.ofPlatform()
                                    .daemon()
                                    .name("weft-process-" + COUNT.incrementAndGet())
                                    .unstarted(task));

    private Helpers() {}

    static Executor threads() {
        return THREADS;
    }

    /** Has {@code call} made on a thread of its own. */
    static <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> call) {
        var future = new CompletableFuture<T>();
        THREADS.execute(
                () -> {
                    try {
                        future.complete(call.call());
                    } catch (Throwable e) {
                        future.completeExceptionally(e);
                    }
                });
        return future;
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
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw cause instanceof IOException io ? io : new IOException(cause);
        }
    }
}
