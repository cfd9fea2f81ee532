package io.weft.launch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * {@code sun.misc.Signal.handle} by reflection, because a compiler told to speak Java 8 hides that
 * class, and one told to speak Java 25 gives a warning that nothing can suppress.
 *
 * <p>A shutdown hook would not do: inside it a second signal is lost, and the second one is how a
 * user hurries a server that is draining.
 */
public final class Signals {
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
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            running(name, action));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            return true;
        } catch (ReflectiveOperationException unsupported) {
            return false;
        }
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
