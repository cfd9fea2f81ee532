package io.weft.pool;

import io.weft.Coroutine;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * How a call came out. A coroutine that returns one does not fail, so what the caller is going to
 * be thrown is not reported in the log beside.
 */
record Outcome<T extends @Nullable Object>(@Nullable T value, @Nullable Throwable failure) {
    /** Makes the call. A kill passes: it is the coroutine's own affair. */
    static <T extends @Nullable Object> Outcome<T> of(Callable<T> call) throws Exception {
        try {
            return new Outcome<>(call.call(), null);
        } catch (Throwable e) {
            if (e instanceof Exception exception && Coroutine.isKill(e)) {
                throw exception;
            }
            return new Outcome<>(null, e);
        }
    }

    /** For one that was killed before it had an outcome. */
    static <T extends @Nullable Object> Outcome<T> killed(Object who, @Nullable Throwable how) {
        var cancelled = new CancellationException(who + " was killed");
        cancelled.initCause(how);
        return new Outcome<>(null, cancelled);
    }

    /**
     * The value.
     *
     * @throws ExecutionException with the failure as its cause
     * @throws CancellationException if it was killed
     */
    @SuppressWarnings("NullAway") // null only where T allows it
    T get() throws ExecutionException {
        if (failure instanceof CancellationException cancelled) {
            throw cancelled;
        }
        if (failure != null) {
            throw new ExecutionException(failure);
        }
        return value;
    }

    /** The value, or the very exception. */
    @SuppressWarnings("NullAway") // null only where T allows it
    T getAsThrown() throws Exception {
        switch (failure) {
            case null -> {
                return value;
            }
            case Exception e -> throw e;
            case Error e -> throw e;
            case Throwable t -> throw new ExecutionException(t);
        }
    }
}
