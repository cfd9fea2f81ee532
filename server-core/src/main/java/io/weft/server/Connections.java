package io.weft.server;

import io.netty.channel.Channel;
import io.weft.Coroutine;
import io.weft.WaitQueue;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The connections of one server: counted from accept until they are closed and their handlers have
 * ended, so that a full server can stop accepting, and known with their coroutines while these run,
 * so that they can be waited for and killed: a handler may have something to finish when its client
 * has gone, and holds what it holds until then. Any thread.
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
    private final Set<Connection> lingering = new HashSet<>(); // open, without a handler
    private final Set<Connection> orphaned = new HashSet<>(); // closed, with a handler
    private final Set<Coroutine<?>> stoppers = new HashSet<>(); // handlers that wait for the others
    private int places; // taken
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
            } else if (places == most) {
                held.add(channel);
            } else {
                begins = true;
                becameFull = ++places == most;
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
        boolean leaves = true;
        Runnable last = null;
        waiters.lock();
        try {
            if (connection != null && handlers.containsKey(connection)) {
                leaves = lingering.remove(connection);
                if (leaves) {
                    handlers.remove(connection);
                } else {
                    orphaned.add(connection);
                    last = lastAction();
                    waiters.wakeAll();
                }
            }
        } finally {
            waiters.unlock();
        }
        if (leaves) {
            leave();
        } else if (last != null) {
            last.run();
        }
    }

    /** A place becomes free, or somebody else's who waits for one. */
    private void leave() {
        Channel next;
        boolean hadBeenFull = false;
        Runnable last = null;
        waiters.lock();
        try {
            next = held.poll();
            if (next == null) {
                hadBeenFull = places-- == most;
                full = false;
                last = lastAction();
                waiters.wakeAll();
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

    private @Nullable Runnable lastAction() {
        return open() == 0 ? afterLast : null;
    }

    private int open() {
        return places - orphaned.size();
    }

    boolean isFull() {
        return full;
    }

    /**
     * {@code coroutine} handles {@code connection}: both are known until it has {@link #ended} and
     * it is {@link #closed}. On the hub of both.
     */
    void handle(Connection connection, Coroutine<?> coroutine) {
        handlers.put(connection, coroutine);
        if (killing) {
            kill(connection, coroutine);
        }
    }

    /** The handler of {@code connection} has done its work, or will never begin it. */
    void ended(Connection connection) {
        boolean leaves;
        waiters.lock();
        try {
            leaves = orphaned.remove(connection);
            if (leaves) {
                handlers.remove(connection);
            } else if (handlers.containsKey(connection)) {
                lingering.add(connection); // until it is told that it is closed
            }
            waiters.wakeAll();
        } finally {
            waiters.unlock();
        }
        if (leaves) {
            leave();
        }
    }

    /** The caller, if it is one of the handlers. */
    private @Nullable Coroutine<?> callingHandler() {
        var caller = Coroutine.current();
        return caller != null && handlers.containsValue(caller) ? caller : null;
    }

    boolean isHandler() {
        return callingHandler() != null;
    }

    /** How many are open. */
    int count() {
        waiters.lock();
        try {
            return open();
        } finally {
            waiters.unlock();
        }
    }

    /** Admits no more; the listeners are closed. Those held back still begin as places get free. */
    void shut() {
        waiters.lock();
        try {
            shut = true;
        } finally {
            waiters.unlock();
        }
    }

    /** Those held back have waited in vain. */
    void refuseHeld() {
        waiters.lock();
        try {
            held.forEach(channel -> channel.unsafe().closeForcibly());
            held.clear();
        } finally {
            waiters.unlock();
        }
    }

    /**
     * Waits until none is open and no handler runs; one of the handlers leaves out itself, and
     * those that wait here too.
     *
     * @return false if the deadline came first
     */
    boolean awaitNone(long deadline) throws InterruptedException {
        return await(deadline, () -> isOneOpen() || doesOneRun());
    }

    /** As {@link #awaitNone}, but handlers may go on without their connection. */
    boolean awaitClosed(long deadline) throws InterruptedException {
        return await(deadline, this::isOneOpen);
    }

    private boolean await(long deadline, BooleanSupplier busy) throws InterruptedException {
        var stopper = callingHandler();
        waiters.lock();
        try {
            if (stopper != null) {
                stoppers.add(stopper);
                waiters.wakeAll(); // the others need not wait for this one
            }
            while (busy.getAsBoolean()) {
                if (!waiters.await(deadline, this)) {
                    return !busy.getAsBoolean();
                }
            }
            return true;
        } finally {
            if (stopper != null) {
                stoppers.remove(stopper);
            }
            waiters.unlock();
        }
    }

    private boolean isOneOpen() {
        if (stoppers.isEmpty()) {
            return open() > 0;
        }
        long own =
                handlers.entrySet().stream()
                        .filter(each -> stoppers.contains(each.getValue()))
                        .filter(each -> !orphaned.contains(each.getKey()))
                        .count();
        return open() > own;
    }

    private boolean doesOneRun() {
        return handlers.entrySet().stream()
                .filter(each -> !lingering.contains(each.getKey()))
                .anyMatch(each -> !each.getValue().isDone() && !stoppers.contains(each.getValue()));
    }

    /** Has {@code action} run, on any thread, once none is open. */
    void afterLast(Runnable action) {
        boolean now;
        waiters.lock();
        try {
            afterLast = action;
            now = open() == 0;
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

    private void kill(Connection connection, Coroutine<?> coroutine) {
        coroutine.kill();
        coroutine.link(_ -> endedWithout(connection));
    }

    /** For a handler that may never have run. */
    void endedWithout(Connection connection) {
        connection.close();
        ended(connection);
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
