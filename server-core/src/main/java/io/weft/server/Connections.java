package io.weft.server;

import io.weft.Coroutine;
import io.weft.WaitQueue;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The connections of one server: counted from accept to close, so that a full server can stop
 * accepting, and known with their coroutines while these run, so that they can be killed. Any
 * thread.
 */
final class Connections {
    private final int most;
    private final Consumer<Boolean> fullChanged;
    private final Map<Connection, Coroutine<?>> handlers = new ConcurrentHashMap<>();
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private int open;

    Connections(int most, Consumer<Boolean> fullChanged) {
        this.most = most;
        this.fullChanged = fullChanged;
    }

    void opened() {
        waiters.lock();
        try {
            if (++open == most) {
                fullChanged.accept(true);
            }
        } finally {
            waiters.unlock();
        }
    }

    /** {@code connection} is null if it came to nothing. */
    void closed(@Nullable Connection connection) {
        if (connection != null) {
            handlers.remove(connection);
        }
        waiters.lock();
        try {
            if (open-- == most) {
                fullChanged.accept(false);
            }
            if (open == 0) {
                waiters.wakeAll();
            }
        } finally {
            waiters.unlock();
        }
    }

    /** Until it is closed, {@code coroutine} handles {@code connection}. */
    void handle(Connection connection, Coroutine<?> coroutine) {
        handlers.put(connection, coroutine);
        if (!connection.channel().isOpen()) {
            handlers.remove(connection); // it was quicker
        }
    }

    int count() {
        waiters.lock();
        try {
            return open;
        } finally {
            waiters.unlock();
        }
    }

    /** False if the deadline came first. */
    boolean awaitNone(long deadline) throws InterruptedException {
        waiters.lock();
        try {
            return open == 0 || waiters.await(deadline, this) || open == 0;
        } finally {
            waiters.unlock();
        }
    }

    void killAll() {
        handlers.forEach(
                (connection, coroutine) -> {
                    coroutine.kill();
                    coroutine.link(_ -> connection.close()); // for one that never ran
                });
    }

    void abortAll() {
        handlers.keySet().forEach(Connection::abort);
    }
}
