package io.weft.server;

import io.netty.channel.Channel;
import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.pool.Pool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds the handlers of a server places in a pool that others may use too. Those that have been
 * accepted and find none wait their turn like everybody else who wants a place; the server accepts
 * no more until there is one free, which is seen on a loop that no handler can hold. Any thread.
 *
 * <pre>
 *   open ──no place left──▶ full: a coroutine waits for places
 *    ▲                        │
 *    └──a place, none waits───┘
 * </pre>
 *
 * @param <S> a coroutine that will handle a connection, and is not started yet
 */
final class Doorman<S extends Coroutine<?>> {
    private record Guest<S>(S service, Channel channel) {}

    private final Pool pool;
    private final Supplier<Loop> place;
    private final BiConsumer<S, Channel> begin;
    private final BiConsumer<S, Channel> refuse;
    private final Runnable fullChanged;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean full;

    // guarded by lock
    private final Queue<Guest<S>> waiting = new ArrayDeque<>();
    private @Nullable Coroutine<?> watch;
    private boolean shut;

    Doorman(
            Pool pool,
            Supplier<Loop> place,
            BiConsumer<S, Channel> begin,
            BiConsumer<S, Channel> refuse,
            Runnable fullChanged) {
        this.pool = pool;
        this.place = place;
        this.begin = begin;
        this.refuse = refuse;
        this.fullChanged = fullChanged;
    }

    boolean isFull() {
        return full;
    }

    /** Has {@code service} begin with {@code channel} now, or when there is a place for it. */
    void admit(S service, Channel channel) {
        boolean begins = false;
        boolean refused;
        boolean becameFull = false;
        lock.lock();
        try {
            refused = shut;
            if (!refused) {
                begins = !full && pool.tryAdd(service);
                if (!begins) {
                    waiting.add(new Guest<>(service, channel));
                }
                if (!full && (!begins || pool.isFull())) {
                    becameFull = true;
                    full = true;
                    watch = place.get().spawn("doorman", this::watch);
                }
            }
        } finally {
            lock.unlock();
        }
        if (becameFull) {
            fullChanged.run();
        }
        if (begins) {
            begin.accept(service, channel);
        } else if (refused) {
            refuse.accept(service, channel);
        }
    }

    /** The coroutine's whole life. */
    private @Nullable Void watch() throws InterruptedException {
        while (true) {
            Guest<S> next = next();
            if (next != null) {
                enter(next);
                continue;
            }
            pool.waitAvailable();
            if (reopen()) {
                fullChanged.run();
                return null;
            }
        }
    }

    private @Nullable Guest<S> next() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    private void enter(Guest<S> next) throws InterruptedException {
        try {
            pool.add(next.service);
        } catch (InterruptedException e) {
            refuse.accept(next.service, next.channel);
            throw e;
        }
        begin.accept(next.service, next.channel);
    }

    /** Unless somebody has come meanwhile, who goes first. */
    private boolean reopen() {
        lock.lock();
        try {
            full = !waiting.isEmpty();
            return !full;
        } finally {
            lock.unlock();
        }
    }

    /** Admits no more, and turns away those who wait. */
    void shut() {
        Queue<Guest<S>> left;
        Coroutine<?> waiter;
        lock.lock();
        try {
            shut = true;
            left = new ArrayDeque<>(waiting);
            waiting.clear();
            waiter = watch;
        } finally {
            lock.unlock();
        }
        if (waiter != null) {
            waiter.kill();
        }
        left.forEach(guest -> refuse.accept(guest.service, guest.channel));
    }
}
