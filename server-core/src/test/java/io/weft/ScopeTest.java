package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Coroutine.State;
import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/** What a block ends with after its kill or limit has struck is that scope's, whatever it is. */
class ScopeTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    /** What libraries and programs make of an interrupt. */
    enum Habit {
        WRAPS {
            @Override
            Object after(InterruptedException e) {
                throw new IllegalStateException("the library was interrupted", e);
            }
        },
        HIDES {
            @Override
            Object after(InterruptedException e) {
                throw new java.util.concurrent.CancellationException("no cause is given");
            }
        },
        RESTORES {
            @Override
            Object after(InterruptedException e) throws Exception {
                Thread.currentThread().interrupt();
                return Block.SLEEP.call();
            }
        },
        RESTORES_AND_CALLS_THE_JDK {
            @Override
            Object after(InterruptedException e) throws Exception {
                Thread.currentThread().interrupt();
                return new LinkedBlockingQueue<>().take();
            }
        },
        RESTORES_AND_FAILS {
            @Override
            Object after(InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("closed");
            }
        };

        abstract Object after(InterruptedException e) throws Exception;

        Object waitFor(Block block) throws Exception {
            try {
                return block.call();
            } catch (InterruptedException e) {
                return after(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void limitIsToldByItsStateNotByAClass(Habit habit) throws Exception {
        for (Block block : new Block[] {Block.SLEEP, Block.THREAD_SLEEP, Block.BLOCKING_QUEUE}) {
            var coroutine =
                    loop.spawn(
                            () -> {
                                var value =
                                        Timeout.callOr(LIMIT, "late", () -> habit.waitFor(block));
                                Weft.yieldNow(); // no interrupt is left
                                return value;
                            });
            Threads.awaitParked(coroutine);
            clock.advance(LIMIT);
            assertThat(coroutine.get()).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @EnumSource
    void killIsToldByItsStateNotByAClass(Habit habit) throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            for (Block block : new Block[] {Block.SLEEP, Block.THREAD_SLEEP}) {
                var coroutine = loop.spawn(() -> habit.waitFor(block));
                Threads.awaitParked(coroutine);
                coroutine.kill();
                coroutine.join();
                assertThat(coroutine.state()).isEqualTo(State.KILLED);
            }
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void whatTheBlockEndedWithIsTheCause() throws Exception {
        var coroutine =
                loop.spawn(
                        () ->
                                catchThrowable(
                                        () ->
                                                Timeout.call(
                                                        LIMIT,
                                                        () -> Habit.WRAPS.waitFor(Block.SLEEP))));
        Threads.awaitParked(coroutine);
        clock.advance(LIMIT);
        assertThat(coroutine.get())
                .isInstanceOf(Timeout.Expired.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatFailsBeforeItsLimitIsNotTheLimits() throws Exception {
        var broken = new IllegalStateException("broken");
        var coroutine =
                loop.spawn(
                        () ->
                                catchThrowable(
                                        () ->
                                                Timeout.call(
                                                        LIMIT,
                                                        () -> {
                                                            throw broken;
                                                        })));
        assertThat(coroutine.get()).isSameAs(broken);
    }

    /** A lock hides the flag while one waits for it; the limit strikes meanwhile. */
    @Test
    @SuppressWarnings("LockNotBeforeTry") // held over the kill and the limit
    void killThatALockHidesIsNotLostToALimit() throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        var coroutine =
                loop.spawn(
                        () -> {
                            Timeout.callOr(
                                    LIMIT,
                                    null,
                                    () -> {
                                        lock.lock();
                                        return Block.SLEEP.call();
                                    });
                            return Block.SLEEP.call();
                        });
        Threads.awaitParked(coroutine);
        coroutine.kill();
        loop.call(() -> null); // it has arrived
        clock.advance(LIMIT);
        loop.call(() -> null);
        lock.unlock();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
    }

    @Test
    void outerLimitThatABlockHasHeardIsNotItsInnerLimits() throws Exception {
        var heard = new ArrayList<String>();
        var coroutine =
                loop.spawn(
                        () -> {
                            try (var _ = Timeout.start(LIMIT)) {
                                try {
                                    Block.THREAD_SLEEP.call();
                                } catch (InterruptedException e) {
                                    heard.add("outer");
                                }
                                return Timeout.callOr(LIMIT, "inner", Block.SLEEP::call);
                            }
                        });
        Threads.awaitParked(coroutine);
        clock.advance(LIMIT);
        while (loop.<Integer>call(heard::size) == 0) {}
        Threads.awaitParked(coroutine);
        clock.advance(LIMIT);
        assertThat(coroutine.get()).isEqualTo("inner");
    }

    /** A JDK call has thrown the kill: what is waited for in a finally is not interrupted by it. */
    @Test
    void finallyMayWaitAfterAKillThatTheJdkHasThrown() throws Exception {
        var cleaned = new CompletableFuture<Boolean>();
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return Block.THREAD_SLEEP.call();
                            } finally {
                                Weft.yieldNow();
                                Timeout.call(LIMIT, () -> cleaned.complete(true));
                            }
                        });
        Threads.awaitParked(coroutine);
        coroutine.kill();
        coroutine.join();
        assertThat(cleaned).isCompletedWithValue(true);
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
    }

    @Test
    void ownersAreToldApart() throws Exception {
        loop.call(
                () -> {
                    try (var limit = Timeout.start(null)) {
                        assertThat(limit.owns(new InterruptedException())).isFalse();
                        assertThat(Coroutine.isKill(new InterruptedException())).isFalse();
                    }
                    return null;
                });
        var killed =
                loop.spawn(
                        () -> {
                            try (var limit = Timeout.start(LIMIT)) {
                                try {
                                    Block.SLEEP.run();
                                } catch (InterruptedException e) {
                                    assertThat(Coroutine.isKill(e)).isTrue();
                                    assertThat(limit.owns(e)).isFalse();
                                    return "told";
                                }
                            }
                            return "never";
                        });
        Threads.awaitParked(killed);
        killed.kill();
        assertThat(killed.get()).isEqualTo("told");
    }

    /** The hub waits for a monitor that the coroutine holds, and can be asked nothing. */
    enum HubHeld {
        KILL {
            @Override
            void end(Coroutine<?> holder, ManualClock clock) {
                holder.kill();
            }
        },
        LIMIT {
            @Override
            void end(Coroutine<?> holder, ManualClock clock) {
                clock.advance(ScopeTest.LIMIT);
                holder.loop().spawnRaw(() -> {}); // nobody else tells a hub that waits of the time
            }
        },
        END_OF_THE_LOOP {
            @Override
            void end(Coroutine<?> holder, ManualClock clock) {
                holder.loop().group().shutDown(Duration.ofDays(1));
            }
        };

        abstract void end(Coroutine<?> holder, ManualClock clock);
    }

    @ParameterizedTest
    @EnumSource
    void whoKeepsTheHubFromItsMonitorCanBeEnded(HubHeld held) throws Exception {
        var monitor = new Object();
        var entered = new CountDownLatch(1);
        Callable<Object> hold =
                () -> {
                    synchronized (monitor) {
                        entered.countDown();
                        return Timeout.call(LIMIT, Block.SLEEP::call);
                    }
                };
        var holder = loop.spawn(() -> catchThrowable(hold::call));
        entered.await();
        Threads.awaitParked(holder);
        var hub = new CompletableFuture<Thread>();
        loop.eventLoop()
                .execute(
                        () -> {
                            hub.complete(Thread.currentThread());
                            synchronized (monitor) {
                                monitor.notifyAll();
                            }
                        });
        Threads.awaitParked(hub.get());
        held.end(holder, clock);
        assertThat(holder.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void expiredOfACallThatReturnsAValueIsNoFailure() throws Exception {
        var coroutine =
                loop.spawn(
                        () ->
                                Timeout.call(
                                        LIMIT,
                                        () -> {
                                            assertThatThrownBy(Block.SLEEP::call)
                                                    .isInstanceOf(Timeout.Expired.class);
                                            return "after all";
                                        }));
        Threads.awaitParked(coroutine);
        clock.advance(LIMIT);
        assertThat(coroutine.get()).isEqualTo("after all");
    }
}
