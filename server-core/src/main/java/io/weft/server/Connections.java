package io.weft.server;

import io.netty.channel.Channel;
import io.weft.Coroutine;
import io.weft.WaitQueue;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The connections of one server: counted from accept to close, so that a full server can stop
 * accepting, and known with their coroutines while these run, so that they can be killed. Any
 * thread.
 *
 * <p>A listener may have accepted a few more by the time it learns that the server is full, since
 * transports accept in batches and listeners run on several loops. These are held back, as the
 * kernel's backlog would have done, until places are free.
 */
final class Connections {
    private final int most;
    private final Consumer<Channel> begin;
    private final Runnable fullChanged;
    private final Map<Connection, Coroutine<?>> handlers = new ConcurrentHashMap<>();
    private final WaitQueue waiters = new WaitQueue();
    private volatile boolean full;
    private volatile boolean killing;

    // guarded by waiters
    private final Queue<Channel> held = new ArrayDeque<>();
    private int open;
    private int waitingHandlers;
    private boolean shut;
    private @Nullable Runnable afterLast;

    Connections(int most, Consumer<Channel> begin, Runnable fullChanged) {
        this.most = most;
        this.begin = begin;
        this.fullChanged = fullChanged;
    }

    /** Begins {@code channel} now, or when there is a place for it. */
    void admit(Channel channel) {
        boolean refused = false;
        boolean becameFull = false;
        boolean begins = false;
        waiters.lock();
        try {
            if (shut) {
                refused = true;
            } else if (open == most) {
                held.add(channel);
            } else {
                begins = true;
                becameFull = ++open == most;
                full = becameFull;
            }
        } finally {
            waiters.unlock();
        }
        if (refused) {
            channel.unsafe().closeForcibly();
        }
        if (becameFull) {
            fullChanged.run();
        }
        if (begins) {
            begin.accept(channel);
        }
    }

    /** {@code connection} is null if it came to nothing. */
    void closed(@Nullable Connection connection) {
        if (connection != null) {
            handlers.remove(connection);
        }
        Channel next;
        boolean hadBeenFull = false;
        Runnable last = null;
        waiters.lock();
        try {
            next = held.poll();
            if (next == null) {
                hadBeenFull = open-- == most;
                full = false;
                waiters.wakeAll();
                if (open == 0) {
                    last = afterLast;
                }
            }
        } finally {
            waiters.unlock();
        }
        if (next != null) {
            begin.accept(next);
        }
        if (hadBeenFull) {
            fullChanged.run();
        }
        if (last != null) {
            last.run();
        }
    }

    boolean isFull() {
        return full;
    }

    /** Until it is closed, {@code coroutine} handles {@code connection}. On the hub of both. */
    void handle(Connection connection, Coroutine<?> coroutine) {
        handlers.put(connection, coroutine);
        if (!connection.channel().isOpen()) {
            handlers.remove(connection); // it was quicker
        } else if (killing) {
            kill(connection, coroutine);
        }
    }

    /** Whether the caller is one of the handlers. */
    boolean isHandler() {
        var caller = Coroutine.current();
        return caller != null && handlers.containsValue(caller);
    }

    int count() {
        waiters.lock();
        try {
            return open;
        } finally {
            waiters.unlock();
        }
    }

    /** Admits no more; the listeners are closed. Those held back share the fate of a backlog. */
    void shut() {
        waiters.lock();
        try {
            shut = true;
            held.forEach(channel -> channel.unsafe().closeForcibly());
            held.clear();
        } finally {
            waiters.unlock();
        }
    }

    /**
     * Waits until none is open; one of the handlers leaves out its own, and those of handlers that
     * wait here too.
     *
     * @return false if the deadline came first
     */
    boolean awaitNone(long deadline) throws InterruptedException {
        int own = isHandler() ? 1 : 0;
        waiters.lock();
        try {
            waitingHandlers += own;
            if (own > 0) {
                waiters.wakeAll(); // the others need not wait for this one
            }
            while (open > own * waitingHandlers) {
                if (!waiters.await(deadline, this)) {
                    return open <= own * waitingHandlers;
                }
            }
            return true;
        } finally {
            waitingHandlers -= own;
            waiters.unlock();
        }
    }

    /** Has {@code action} run, on any thread, once none is open. */
    void afterLast(Runnable action) {
        boolean now;
        waiters.lock();
        try {
            afterLast = action;
            now = open == 0;
        } finally {
            waiters.unlock();
        }
        if (now) {
            action.run();
        }
    }

    /** Kills all handlers but the caller, and those that are yet to come. */
    void killAll() {
        killing = true;
        var caller = Coroutine.current();
        handlers.forEach(
                (connection, coroutine) -> {
                    if (coroutine != caller) {
                        kill(connection, coroutine);
                    }
                });
    }

    private static void kill(Connection connection, Coroutine<?> coroutine) {
        coroutine.kill();
        coroutine.link(_ -> connection.close()); // for one that never ran
    }

    /** Cuts all connections but the caller's. */
    void abortAll() {
        var caller = Coroutine.current();
        handlers.forEach(
                (connection, coroutine) -> {
                    if (coroutine != caller) {
                        connection.abort();
                    }
                });
    }
}
