package io.weft.pool;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

/** Work for a thread of a pool, which sees the classes that its giver, the maker of this, sees. */
final class PooledWork<T extends @Nullable Object> implements Callable<T> {
    private final Callable<T> body;
    private final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();

    PooledWork(Callable<T> body) {
        this.body = body;
    }

    @Override
    public T call() throws Exception {
        Thread worker = Thread.currentThread();
        ClassLoader own = worker.getContextClassLoader();
        worker.setContextClassLoader(classes);
        try {
            return body.call();
        } finally {
            worker.setContextClassLoader(own); // an idle thread holds on to nobody's classes
        }
    }
}
