package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is taken along from who starts a piece of work to where it runs: see {@link
 * ContextPropagator}. Coroutines have it from who makes them, the work of a thread pool from who
 * gives it; what a server or a signal starts has nobody's. Costs nothing while nothing is
 * registered. Any thread.
 */
public final class Contexts {
    private static final List<ContextPropagator> REGISTERED = new CopyOnWriteArrayList<>();

    static {
        // by the loader of this class, not that of whoever comes first
        Iterator<ContextPropagator> found =
                ServiceLoader.load(ContextPropagator.class, Contexts.class.getClassLoader())
                        .iterator();
        while (hasNext(found)) {
            try {
                REGISTERED.add(found.next());
            } catch (ServiceConfigurationError e) {
                failed(e); // and the others are there
            }
        }
    }

    private Contexts() {}

    private static boolean hasNext(Iterator<?> services) {
        try {
            return services.hasNext();
        } catch (ServiceConfigurationError e) {
            failed(e);
            return false;
        }
    }

    private static void failed(Throwable e) {
        FailureLog.error(LoggerFactory.getLogger(Contexts.class), "a ContextPropagator", e);
    }

    /** Has {@code propagator} asked for all work that is started from now on. */
    public static void register(ContextPropagator propagator) {
        REGISTERED.add(Objects.requireNonNull(propagator));
    }

    /** Has it asked no more; work that it has wrapped keeps what it took along. */
    public static void unregister(ContextPropagator propagator) {
        REGISTERED.remove(propagator);
    }

    static boolean areTakenAlong() {
        return !REGISTERED.isEmpty();
    }

    private static boolean isHub() {
        Loop loop = Loop.all().isEmpty() ? null : Loop.current();
        return loop != null && loop.hub().inEventLoop();
    }

    /**
     * {@code work} with what the caller has about it now, for executors that are not Weft's. A
     * propagator that fails is reported, and has taken nothing along; the hub, where no user's code
     * runs, has nothing.
     */
    public static <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
        if (!areTakenAlong() || isHub()) {
            return work;
        }
        Callable<T> wrapped = work;
        for (ContextPropagator propagator : REGISTERED) {
            try {
                wrapped = Objects.requireNonNull(propagator.wrap(wrapped));
            } catch (RuntimeException e) {
                failed(e);
            }
        }
        return wrapped;
    }
}
