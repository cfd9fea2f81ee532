package io.weft;

import java.util.concurrent.Callable;

/** The life of a coroutine, with what the propagators have taken along from its maker. */
record InContext(Coroutine<?> coroutine, Callable<?> wrapped) implements Runnable {
    /** What the thread of {@code coroutine} does. On the maker's. */
    static Runnable of(Coroutine<?> coroutine, Runnable life) {
        if (!Contexts.areTakenAlong()) {
            return life;
        }
        return new InContext(
                coroutine,
                Contexts.wrap(
                        () -> {
                            life.run();
                            return null;
                        }));
    }

    /** A propagator that fails, or forgets what it has wrapped, does not leave others waiting. */
    @Override
    public void run() {
        try {
            wrapped.call();
        } catch (Throwable e) {
            coroutine.propagated(e);
            return;
        }
        if (!coroutine.isDone()) {
            coroutine.propagated(
                    new IllegalStateException("a ContextPropagator has not called its work"));
        }
    }
}
