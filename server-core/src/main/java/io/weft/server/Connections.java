package io.weft.server;

import io.weft.Coroutine;
import io.weft.WaitQueue;
import io.weft.net.Connection;

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
    private final Map<Coroutine<?>, Connection> running = new ConcurrentHashMap<>();
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

    void closed() {
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

    /** Until it ends, {@code coroutine} handles {@code connection}. */
    void handle(Coroutine<?> coroutine, Connection connection) {
        running.put(coroutine, connection);
        coroutine.link(
                ended -> {
                    running.remove(ended);
                    connection.close(); // also if it was killed before its first run
                });
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
        running.keySet().forEach(Coroutine::kill);
    }

    void abortAll() {
        running.values().forEach(Connection::abort);
    }
}
