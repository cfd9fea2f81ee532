package io.weft.pool;

import io.weft.Contexts;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool whose work is done on platform threads, while the loops run on (gevent: threadpool): for
 * what needs the processor for long, and for calls that hold the loop's own thread, as file I/O and
 * native code do. Each member is a coroutine that waits for its thread, so everything that can be
 * done with a coroutine can be done with the work. Any thread.
 *
 * <p>A killed member ends at once; its thread is interrupted, and is not used for anything else
 * before the work there has really ended.
 *
 * <p>The threads inherit nothing. Work has the context class loader of who gives it, and what the
 * registered {@link io.weft.ContextPropagator}s take along from there.
 *
 * <p>Differences from gevent: those of {@link Pool}; {@link #close()} does not wait for threads
 * whose work takes no notice of an interrupt.
 */
public final class ThreadPool extends Pool implements AutoCloseable {
    /**
     * What {@link #threadStatistics()} tells, beside {@link #statistics()}.
     *
     * @param threads how many there are now, at work or idle
     * @param size the most there can be
     * @param working how many are at work, be it for a member that has been killed
     */
    public record ThreadStatistics(int threads, int size, int working) {}

    /** As gevent's hub has it. */
    private static final int SHARED_SIZE = 10;

    /** How long a thread may be idle before it goes (the JDK's cached pool: 60 s). */
    private static final Duration IDLE_TIME = Duration.ofSeconds(60);

    private static final AtomicInteger POOLS = new AtomicInteger();

    private final ThreadPoolExecutor threads;

    /** Knows whose it is: work that has more work for its own pool does that itself. */
    private final class Worker extends Thread {
        Worker(Runnable work, String name) {
            super(null, work, name, 0, false);
            setDaemon(true);
        }

        ThreadPool pool() {
            return ThreadPool.this;
        }
    }

    /** A pool of at most {@code size} threads, which are started as they are needed. */
    public ThreadPool(int size) {
        this(size, IDLE_TIME);
    }

    /**
     * As {@link #ThreadPool(int)}, with threads that go after {@code idleTime} without work.
     *
     * @throws IllegalArgumentException if the size is less than 1, or the time not positive
     */
    public ThreadPool(int size, Duration idleTime) {
        super(size);
        if (!idleTime.isPositive()) {
            throw new IllegalArgumentException(
                    "threads may be idle for some time, but were to be for " + idleTime);
        }
        String prefix = "weft-threads-" + POOLS.incrementAndGet() + "-";
        var number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        size,
                        size,
                        idleTime.toNanos(),
                        TimeUnit.NANOSECONDS,
                        new LinkedBlockingQueue<>(), // of those whose place still ends its last job
                        work -> new Worker(work, prefix + number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
    }

    /** The pool to use where none is named: ten threads, made at first use, never closed. */
    public static ThreadPool shared() {
        return Shared.POOL;
    }

    @Override
    void requireOpen() {
        if (threads.isShutdown()) {
            throw new IllegalStateException("the thread pool has been closed");
        }
    }

    private boolean isWorker() {
        return Thread.currentThread() instanceof Worker worker && worker.pool() == this;
    }

    @Override
    boolean isMember() {
        return isWorker() || super.isMember();
    }

    @Override
    <T extends @Nullable Object> Callable<T> task(Callable<T> body) {
        return () -> onThread(body);
    }

    private <T extends @Nullable Object> T onThread(Callable<T> body) throws Exception {
        if (isWorker()) {
            return body.call();
        }
        var job = new FutureTask<T>(Contexts.wrap(new PooledWork<>(body)));
        try {
            threads.execute(job);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the thread pool has been closed", e);
        }
        try {
            return job.get();
        } catch (InterruptedException e) {
            job.cancel(true);
            threads.remove(job);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    /**
     * {@code target}, whose calls are each made on a thread of this pool: for a library that holds
     * the caller's thread, in native code or by a monitor, whatever loop that is of. What a call
     * returns or throws is the target's own. From any thread; from work of this pool itself the
     * call is made at once.
     *
     * <p>A kill or limit of the caller interrupts the call's thread and ends the wait at once, as
     * with {@link #apply}. It is thrown as the InterruptedException that it is where the method
     * declares that, as an InterruptedIOException where it declares IOException, and else as a
     * {@link java.util.concurrent.CancellationException} caused by it. A call that takes no notice
     * of its interrupt goes on, and keeps its thread: see that the library has limits of its own.
     *
     * <p>Calls of several coroutines are made at the same time, on any of the threads. A library
     * that wants one thread, the same for ever or one at a time, gets a pool of one thread, whose
     * idle time is long.
     *
     * <p>{@code equals} and {@code hashCode} tell whether the target is the same, and {@code
     * toString} names it; none of them calls it. A wrapped object that is given to a call is
     * unwrapped.
     *
     * @param type the interface that is wrapped; what else the target implements is not there
     * @throws IllegalArgumentException if {@code type} is no interface
     */
    public <T> T wrap(Class<T> type, T target) {
        return PooledCalls.wrap(this, type, target, null);
    }

    /**
     * As {@link #wrap}, and so is what the calls return, where the method says that it is an
     * interface of {@code type}'s own package: of a {@code java.sql.Connection} its statements, of
     * these their results. What comes out as an {@code Object}, as from {@code unwrap}, is as it
     * is.
     */
    public <T> T wrapDeeply(Class<T> type, T target) {
        return PooledCalls.wrap(this, type, target, type.getPackageName());
    }

    /** How many threads there are now, at work or idle. */
    public int threadCount() {
        return threads.getPoolSize();
    }

    public ThreadStatistics threadStatistics() {
        return new ThreadStatistics(threadCount(), capacity(), threads.getActiveCount());
    }

    /** Kills what is at work, interrupts the threads, and lets nothing more begin. */
    @Override
    public void close() {
        kill();
        for (Runnable job : threads.shutdownNow()) {
            if (job instanceof FutureTask<?> unstarted) {
                unstarted.cancel(false);
            }
        }
    }

    @Override
    public String toString() {
        return super.toString() + ", " + threadCount() + " threads";
    }

    private static final class Shared {
        static final ThreadPool POOL = new ThreadPool(SHARED_SIZE);
    }
}
