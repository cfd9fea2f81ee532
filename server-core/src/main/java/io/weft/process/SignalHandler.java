package io.weft.process;

import io.weft.Action;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.launch.Signals;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runs a coroutine each time a signal comes (gevent: signal_handler). Several handlers of one
 * signal all run, in the order in which they were made. Any thread.
 *
 * <p>It has the context class loader of who made the handler, and else nothing of anybody's.
 *
 * <p>Differences from gevent: the signal is named as {@code kill} names it; the coroutine may block
 * as any other, and a second signal starts a second one meanwhile; when the last handler of a
 * signal is closed, the signal does again what it did before. HUP, INT and TERM stay ignored if
 * they were when the JVM began, as HUP is under {@code nohup}: the JVM sees to that.
 */
public final class SignalHandler implements AutoCloseable {
    private static final Map<String, List<SignalHandler>> HANDLERS = new ConcurrentHashMap<>();

    private final String signal;
    private final Loop loop;
    private final Action action;
    private final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();

    private SignalHandler(String signal, Loop loop, Action action) {
        this.signal = signal;
        this.loop = loop;
        this.action = action;
    }

    /**
     * Has {@code action} run at the signal, on the caller's loop, or from a plain thread on the
     * next one of the shared group.
     *
     * @param signal {@code TERM}, {@code INT}, {@code HUP}, {@code USR1} ..., with or without SIG
     * @throws IllegalArgumentException if there is no such signal, or the JVM keeps it to itself
     */
    public static SignalHandler on(String signal, Action action) {
        Loop current = Loop.current();
        return on(signal, current == null ? LoopGroup.shared().next() : current, action);
    }

    /** As {@link #on(String, Action)}, on a loop of the caller's choice. */
    public static SignalHandler on(String signal, Loop loop, Action action) {
        String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
        var handler = new SignalHandler(name, loop, action);
        HANDLERS.compute(
                name,
                (key, known) -> {
                    List<SignalHandler> handlers =
                            known == null ? new CopyOnWriteArrayList<>() : known;
                    if (handlers.isEmpty() && !Signals.on(name, () -> came(name))) {
                        throw new IllegalArgumentException(
                                "this JVM cannot catch SIG"
                                        + name
                                        + ": expected one that 'kill -l' lists, other than KILL,"
                                        + " STOP, QUIT and those of errors, and a JVM without"
                                        + " -Xrs");
                    }
                    handlers.add(handler);
                    return handlers;
                });
        return handler;
    }

    /** On a thread that the JVM makes for each signal. */
    private static void came(String name) {
        for (SignalHandler handler : HANDLERS.getOrDefault(name, List.of())) {
            handler.loop.spawnDetached(
                    "signal " + name,
                    () -> {
                        Thread.currentThread().setContextClassLoader(handler.classes);
                        handler.action.run();
                        return name;
                    });
        }
    }

    /** Handles the signal no more; coroutines that it has started go on. */
    @Override
    public void close() {
        HANDLERS.computeIfPresent(
                signal,
                (key, handlers) -> {
                    if (handlers.remove(this) && handlers.isEmpty()) {
                        Signals.restore(signal);
                    }
                    return handlers;
                });
    }

    @Override
    public String toString() {
        return "handler of SIG" + signal + " on " + loop;
    }
}
