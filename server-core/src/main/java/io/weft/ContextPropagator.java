package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

/**
 * Takes along what a library keeps in a {@link ThreadLocal}, as a log's MDC or a trace, from who
 * starts a piece of work to where that runs (Spring: TaskDecorator; OpenTelemetry: {@code
 * Context.wrap}). Known to Weft by {@link Contexts#register}, or by {@code META-INF/services}. What
 * is in a {@link ScopedValue} can be taken along too.
 */
@FunctionalInterface
public interface ContextPropagator {
    /**
     * Called by who starts {@code work}, on its thread; what it returns is called in the place of
     * {@code work}, once or never. That has about it what its maker had, also if this was nothing,
     * calls {@code work}, and leaves the thread as it found it, since it may be one of a pool's.
     * Neither may wait for anything.
     */
    <T extends @Nullable Object> Callable<T> wrap(Callable<T> work);
}
