package io.weft;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;

/**
 * The only door to the JDK's virtual thread internals: a virtual thread with a scheduler of our
 * own, and the platform thread under the current one. When {@code Thread.VirtualThreadScheduler}
 * becomes public API, this class is what changes. Any thread.
 */
final class VirtualThreads {
    private static final String FLAG = "--add-opens java.base/java.lang=ALL-UNNAMED";

    private record Internals(
            MethodHandle newThread,
            int noInheritance,
            MethodHandle currentCarrier,
            Executor defaultScheduler,
            VarHandle interrupted,
            VarHandle interruptLock,
            VarHandle carrier,
            VarHandle parkPermit) {}

    private static volatile @Nullable Field continuationThread; // once one was seen

    private static final @Nullable Internals INTERNALS;
    private static final @Nullable Throwable FAILURE;
    private static final MethodHandle NEW_THREAD;
    private static final MethodHandle CURRENT_CARRIER;
    private static final int NO_INHERITANCE;

    static {
        Internals found = null;
        Throwable failure = null;
        try {
            found = open();
        } catch (Throwable e) {
            failure = e; // here it would be an ExceptionInInitializerError; require() says it
        }
        INTERNALS = found;
        FAILURE = failure;
        MethodHandle none = MethodHandles.empty(MethodType.methodType(void.class)); // not called
        NEW_THREAD = found == null ? none : found.newThread;
        CURRENT_CARRIER = found == null ? none : found.currentCarrier;
        NO_INHERITANCE = found == null ? 0 : found.noInheritance;
    }

    private static Internals open() throws Throwable {
        var lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        MethodHandle newThread =
                lookup.findStatic(
                        lookup.findClass("java.lang.ThreadBuilders"),
                        "newVirtualThread",
                        MethodType.methodType(
                                Thread.class,
                                Executor.class,
                                String.class,
                                int.class,
                                Runnable.class));
        var noInheritance =
                (int)
                        lookup.findStaticVarHandle(
                                        Thread.class, "NO_INHERIT_THREAD_LOCALS", int.class)
                                .get();
        MethodHandle currentCarrier =
                lookup.findStatic(
                        Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
        var defaultScheduler =
                (Executor)
                        lookup.findStatic(
                                        lookup.findClass("java.lang.VirtualThread"),
                                        "defaultScheduler",
                                        MethodType.methodType(Executor.class))
                                .invoke();
        JdkPollers.start();
        Class<?> virtual = lookup.findClass("java.lang.VirtualThread");
        var inside = MethodHandles.privateLookupIn(virtual, MethodHandles.lookup());
        return new Internals(
                newThread,
                noInheritance,
                currentCarrier,
                defaultScheduler,
                lookup.findVarHandle(Thread.class, "interrupted", boolean.class),
                lookup.findVarHandle(Thread.class, "interruptLock", Object.class),
                inside.findVarHandle(virtual, "carrierThread", Thread.class),
                inside.findVarHandle(virtual, "parkPermit", boolean.class));
    }

    private VirtualThreads() {}

    /**
     * Nothing, where there is such a door. To be asked before the first loop is made.
     *
     * @throws IllegalStateException otherwise; the message says what to do
     */
    static void require() {
        Internals _ = internals();
    }

    private static Internals internals() {
        Internals internals = INTERNALS;
        if (internals == null) {
            throw refusal();
        }
        return internals;
    }

    private static IllegalStateException refusal() {
        return FAILURE instanceof IllegalAccessException
                ? new IllegalStateException(
                        "Weft schedules virtual threads itself and needs the JVM option "
                                + FLAG
                                + " (an executable jar gives it in its manifest: Add-Opens:"
                                + " java.base/java.lang)")
                : new IllegalStateException(
                        "Weft does not know the virtual threads of Java "
                                + Runtime.version()
                                + "; it is made for Java 25",
                        FAILURE);
    }

    /**
     * A new, unstarted virtual thread whose continuations are given to {@code scheduler}. It has
     * the caller's inheritable locals and context class loader.
     */
    static Thread newThread(Executor scheduler, @Nullable String name, Runnable task) {
        return newThread(scheduler, name, 0, task);
    }

    /** As {@link #newThread}, with nothing of the caller's. */
    static Thread newDetachedThread(Executor scheduler, @Nullable String name, Runnable task) {
        return newThread(scheduler, name, NO_INHERITANCE, task);
    }

    private static Thread newThread(
            Executor scheduler, @Nullable String name, int characteristics, Runnable task) {
        require();
        try {
            return (Thread) NEW_THREAD.invokeExact(scheduler, name, characteristics, task);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * The platform thread that runs the caller, be the caller a virtual thread or that thread
     * itself.
     */
    static Thread currentCarrier() {
        require();
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Whose continuation it is; null where this JDK hides it. For reports, not for hot paths. */
    static @Nullable Thread threadOf(Runnable continuation) {
        try {
            Field known = continuationThread;
            if (known != null && known.getDeclaringClass() == continuation.getClass()) {
                return (Thread) known.get(continuation);
            }
            for (var field : continuation.getClass().getDeclaredFields()) {
                field.setAccessible(true);
                if (field.get(continuation) instanceof Thread thread) {
                    continuationThread = field; // there may be no memory to find it again
                    return thread;
                }
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // said by the null
        }
        return null;
    }

    /**
     * Takes an interrupt back from {@code virtual}, which runs and is another thread than the
     * caller's. From a platform thread.
     */
    static void clearInterrupt(Thread virtual) {
        Internals internals = internals();
        synchronized (internals.interruptLock.get(virtual)) {
            internals.interrupted.setVolatile(virtual, false);
            var carrier = (Thread) internals.carrier.getVolatile(virtual);
            if (carrier != null) {
                internals.interrupted.setVolatile(carrier, false);
            }
        }
    }

    /** Whether {@code virtual} holds a platform thread just now. Any thread. */
    static boolean isMounted(Thread virtual) {
        return (Thread) internals().carrier.getVolatile(virtual) != null;
    }

    /** Whether the next park of {@code virtual} will return at once. Any thread. */
    static boolean hasParkPermit(Thread virtual) {
        return (boolean) internals().parkPermit.getVolatile(virtual);
    }

    /** The JDK's own scheduler, on which a coroutine ends whose loop has gone before it. */
    static Executor defaultScheduler() {
        return internals().defaultScheduler;
    }

    private static RuntimeException rethrow(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }
}
