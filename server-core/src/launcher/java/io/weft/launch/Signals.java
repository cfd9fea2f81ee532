package io.weft.launch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code sun.misc.Signal.handle} by reflection, because a compiler told to speak Java 8 hides that
 * class, and one told to speak Java 25 gives a warning that nothing can suppress.
 *
 * <p>A shutdown hook would not do: inside it a second signal is lost, and the second one is how a
 * user hurries a server that is draining.
 */
public final class Signals {
    /** What each signal did before its first action. */
    private static final Map<String, Object> BEFORE = new ConcurrentHashMap<>();

    private Signals() {}

    /**
     * Has the action run, on a thread of its own, each time the signal comes; the JVM no longer
     * ends by it. Replaces an earlier action.
     *
     * @param name without SIG: {@code TERM}, {@code INT}, {@code HUP}
     * @return false if this JVM cannot catch it (Windows has no HUP, {@code -Xrs} reserves them
     *     all); then the signal does what it always did
     */
    public static boolean on(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            running(name, action));
            BEFORE.putIfAbsent(name, handle(name, proxy));
            return true;
        } catch (ReflectiveOperationException unsupported) {
            return false;
        }
    }

    /** Has the signal do again what it did before the first {@link #on}. */
    public static void restore(String name) {
        Object before = BEFORE.remove(name);
        if (before != null) {
            try {
                handle(name, before);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("SIG" + name + " was caught, and is no more", e);
            }
        }
    }

    /** Sends the signal to this process. */
    static void raise(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance(name));
    }

    /** Returns the handler that it replaces. */
    private static Object handle(String name, Object action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal.getConstructor(String.class).newInstance(name), action);
    }

    private static InvocationHandler running(String name, Runnable action) {
        return (proxy, method, args) -> {
            switch (method.getName()) {
                case "handle":
                    action.run();
                    return null;
                case "equals":
                    return proxy == args[0];
                case "hashCode":
                    return System.identityHashCode(proxy);
                default:
                    return name;
            }
        };
    }
}
