package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock shared by the hub, a coroutine and a foreign thread: loggers and class initialisation are
 * such locks. Each of these would stand still for ever if the hub were the loop's own platform
 * thread.
 */
class DeadlockTest {
    /** A fresh lock for each test. */
    enum Kind {
        REENTRANT_LOCK {
            @Override
            Locked lock() {
                var lock = new ReentrantLock();
                return body -> {
                    lock.lock();
                    try {
                        body.run();
                    } finally {
                        lock.unlock();
                    }
                };
            }
        },
        SYNCHRONIZED {
            @Override
            Locked lock() {
                var monitor = new Object();
                return body -> {
                    synchronized (monitor) {
                        body.run();
                    }
                };
            }
        };

        abstract Locked lock();
    }

    interface Locked {
        void run(Action body) throws Exception;
    }

    /**
     * How long a holder sleeps. Sleeping is what is tested here, and this long is enough for the
     * hub to come for the lock meanwhile.
     */
    private static final Duration NAP = Duration.ofMillis(200);

    private static final Action NOTHING = () -> {};

    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void hubMayQueueBehindACoroutineForALockOfAForeignThread(Kind kind) throws Exception {
        Locked lock = kind.lock();
        var held = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        Thread holder =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        locked(
                                                lock,
                                                () -> {
                                                    held.countDown();
                                                    letGo.await();
                                                }));
        held.await();

        var coroutine = loop.spawn(Weft.asCallable(() -> lock.run(NOTHING)));
        Threads.awaitParked(coroutine);
        var hub = queueOnHub(lock);
        letGo.countDown();

        assertThat(coroutine.join(Duration.ofSeconds(30))).isTrue();
        hub.get(30, TimeUnit.SECONDS);
        holder.join();
    }

    @ParameterizedTest
    @EnumSource
    void hubMayQueueForALockThatASleeperHolds(Kind kind) throws Exception {
        sleeperMeetsHub(kind.lock(), () -> Weft.sleep(NAP));
    }

    @ParameterizedTest
    @EnumSource
    void hubMayQueueForALockThatASleeperOfTheJdkHolds(Kind kind) throws Exception {
        sleeperMeetsHub(kind.lock(), () -> Thread.sleep(NAP));
    }

    @ParameterizedTest
    @EnumSource
    void hubMayQueueForALockWhoseHolderIsEndedByATimeout(Kind kind) throws Exception {
        var forEver = new CountDownLatch(1);
        sleeperMeetsHub(
                kind.lock(),
                () ->
                        Timeout.callOr(
                                NAP,
                                null,
                                () -> {
                                    forEver.await();
                                    return null;
                                }));
    }

    @ParameterizedTest
    @EnumSource
    void hubMayQueueForALockWhoseHolderWaitsForACoroutineThatStartsLater(Kind kind)
            throws Exception {
        sleeperMeetsHub(kind.lock(), () -> Weft.spawnLater(NAP, NOTHING).join());
    }

    private void sleeperMeetsHub(Locked lock, Action sleep) throws Exception {
        var held = new CountDownLatch(1);
        var sleeper =
                loop.spawn(
                        Weft.asCallable(
                                () ->
                                        lock.run(
                                                () -> {
                                                    held.countDown();
                                                    sleep.run();
                                                })));
        held.await();
        var hub = loop.eventLoop().submit(() -> locked(lock, NOTHING));

        assertThat(sleeper.join(Duration.ofSeconds(30))).isTrue();
        hub.get(30, TimeUnit.SECONDS);
    }

    /** Returns when the hub waits for the lock. */
    private io.netty.util.concurrent.Future<?> queueOnHub(Locked lock) throws Exception {
        var thread = new CompletableFuture<Thread>();
        var done =
                loop.eventLoop()
                        .submit(
                                () -> {
                                    thread.complete(Thread.currentThread());
                                    locked(lock, NOTHING);
                                });
        Threads.awaitParked(thread.get(30, TimeUnit.SECONDS));
        return done;
    }

    private static void locked(Locked lock, Action body) {
        try {
            lock.run(body);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
