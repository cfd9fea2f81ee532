package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine.State;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The queue under all primitives: in order, and nothing is lost with those who give up. */
class WaitQueueTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(1);
    private final Loop loop = group.next();
    private final WaitQueue queue = new WaitQueue();
    private final List<Integer> woken = new ArrayList<>(); // loop-confined

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void wakesInTheOrderOfArrival() throws Exception {
        onLoop(
                () -> {
                    for (int i = 0; i < 5; i++) {
                        waiter(i);
                    }
                    Weft.yieldNow();
                    assertThat(size()).isEqualTo(5);
                    assertThat(wakeOne()).isTrue();
                    assertThat(wakeOne()).isTrue();
                    Weft.yieldNow();
                    assertThat(woken).containsExactly(0, 1);
                    assertThat(wakeAll()).isEqualTo(3);
                    assertThat(wakeOne()).isFalse();
                    Weft.yieldNow();
                    assertThat(woken).containsExactly(0, 1, 2, 3, 4);
                });
    }

    @Test
    void awokenOneThatWaitsAgainGoesToTheEnd() throws Exception {
        onLoop(
                () -> {
                    Weft.spawn(
                            () -> {
                                await(Deadline.NEVER);
                                woken.add(0);
                                await(Deadline.NEVER);
                                woken.add(0);
                            });
                    waiter(1);
                    Weft.yieldNow();
                    for (int i = 0; i < 3; i++) {
                        wakeOne();
                        Weft.yieldNow();
                    }
                    assertThat(woken).containsExactly(0, 1, 0);
                });
    }

    @Test
    void whoseTimeIsOverLeavesNothing() throws Exception {
        var late = loop.spawn(() -> await(Deadline.in(SECOND)));
        loop.call(() -> null);
        clock.advance(SECOND);
        assertThat(late.get()).isFalse();
        onLoop(
                () -> {
                    assertThat(size()).isZero();
                    assertThat(loop.timerCount()).isZero();
                    assertThat(wakeOne()).isFalse();
                });
    }

    @Test
    void whoIsKilledLeavesNothing() throws Exception {
        onLoop(
                () -> {
                    var first = waiter(0);
                    var second = waiter(1);
                    var third = waiter(2);
                    Weft.yieldNow();
                    second.kill();
                    second.join();
                    assertThat(second.state()).isEqualTo(State.KILLED);
                    assertThat(size()).isEqualTo(2);
                    wakeOne();
                    wakeOne();
                    first.join();
                    third.join();
                    assertThat(woken).containsExactly(0, 2);
                    assertThat(size()).isZero();
                });
    }

    @Test
    void whoIsKilledStealsNoWakeUp() throws Exception {
        onLoop(
                () -> {
                    var first = waiter(0);
                    var second = waiter(1);
                    Weft.yieldNow();
                    first.kill();
                    first.join();
                    assertThat(wakeOne()).isTrue();
                    second.join();
                    assertThat(woken).containsExactly(1);
                });
    }

    @Test
    void whoIsWokenAndThenKilledWasWoken() throws Exception {
        wokenAndKilled(true);
    }

    /**
     * The kill has been sent, but the waiter has not run yet: it takes the wake-up and the kill.
     */
    @Test
    void whoIsKilledAndThenWokenWasWoken() throws Exception {
        wokenAndKilled(false);
    }

    private void wokenAndKilled(boolean wakeFirst) throws Exception {
        onLoop(
                () -> {
                    var waiter =
                            Weft.spawn(
                                    () -> {
                                        assertThat(await(Deadline.NEVER)).isTrue();
                                        woken.add(0);
                                        Weft.sleep(SECOND); // here the kill is delivered
                                        woken.add(1);
                                    });
                    Weft.yieldNow();
                    if (wakeFirst) {
                        wakeOne();
                        waiter.kill();
                    } else {
                        waiter.kill();
                        wakeOne();
                    }
                    waiter.join();
                    assertThat(woken).containsExactly(0);
                    assertThat(waiter.state()).isEqualTo(State.KILLED);
                });
    }

    @Test
    void whoIsWokenWhenHisTimeIsOverWasWoken() throws Exception {
        var waiter = loop.spawn(() -> await(Deadline.in(SECOND)));
        loop.call(() -> null);
        onLoop(
                () -> {
                    clock.advance(SECOND);
                    wakeOne();
                });
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void wakingHimByOtherMeansDoesNotWakeHim() throws Exception {
        var waiter = waiter(0);
        loop.call(() -> null);
        LockSupport.unpark(waiter.thread());
        onLoop(
                () -> {
                    Weft.yieldNow();
                    assertThat(size()).isEqualTo(1);
                    wakeOne();
                });
        waiter.join();
    }

    @Test
    void pastDeadlineDoesNotWait() throws Exception {
        assertThat(loop.<Boolean>call(() -> await(Deadline.in(Duration.ZERO)))).isFalse();
        assertThat(await(Deadline.in(Duration.ZERO))).isFalse();
        onLoop(() -> assertThat(size()).isZero());
    }

    @Test
    void interruptReachesAPlainThread() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> await(Deadline.NEVER))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("interrupted");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /**
     * A counter of permits as a primitive would have it, used by two loops and two plain threads
     * with deadlines and kills: at the end every permit is where it belongs.
     */
    @Test
    void noWakeUpIsLostBetweenThreads() throws Exception {
        int rounds = 2_000;
        try (var loops = LoopGroup.create(2)) {
            var permits = new Permits(2);
            var inside = new AtomicInteger();
            var workers = new ArrayList<Coroutine<?>>();
            for (int i = 0; i < 6; i++) {
                var random = new SplittableRandom(i);
                workers.add(
                        loops.spawn(
                                () -> {
                                    for (int r = 0; r < rounds; r++) {
                                        use(permits, inside, random);
                                    }
                                    return null;
                                }));
            }
            var random = new SplittableRandom(6);
            for (int r = 0; r < rounds; r++) {
                use(permits, inside, random);
            }
            for (var worker : workers) {
                worker.get();
            }
            assertThat(permits.free).isEqualTo(2);
        }
    }

    private static void use(Permits permits, AtomicInteger inside, SplittableRandom random)
            throws Exception {
        boolean hurried = random.nextInt(4) == 0;
        if (permits.take(hurried ? Deadline.in(Duration.ofNanos(20_000)) : Deadline.NEVER)) {
            assertThat(inside.incrementAndGet()).isLessThanOrEqualTo(2);
            if (random.nextBoolean()) {
                Weft.yieldNow();
            }
            inside.decrementAndGet();
            permits.give();
        }
    }

    private static final class Permits {
        private final WaitQueue waiters = new WaitQueue();
        private int free; // guarded by waiters

        Permits(int free) {
            this.free = free;
        }

        boolean take(long deadline) throws InterruptedException {
            waiters.lock();
            try {
                if (free > 0) {
                    free--;
                    return true;
                }
                return waiters.await(deadline, this); // the giver passes its permit on
            } finally {
                waiters.unlock();
            }
        }

        void give() {
            waiters.lock();
            try {
                if (!waiters.wakeOne()) {
                    free++;
                }
            } finally {
                waiters.unlock();
            }
        }
    }

    private Coroutine<?> waiter(int number) {
        Callable<Object> body =
                () -> {
                    assertThat(await(Deadline.NEVER)).isTrue();
                    return woken.add(number);
                };
        return loop.spawn(body);
    }

    private boolean await(long deadline) throws InterruptedException {
        queue.lock();
        try {
            return queue.await(deadline, queue);
        } finally {
            queue.unlock();
        }
    }

    private boolean wakeOne() {
        queue.lock();
        try {
            return queue.wakeOne();
        } finally {
            queue.unlock();
        }
    }

    private int wakeAll() {
        queue.lock();
        try {
            return queue.wakeAll();
        } finally {
            queue.unlock();
        }
    }

    private int size() {
        queue.lock();
        try {
            return queue.size();
        } finally {
            queue.unlock();
        }
    }

    private void onLoop(Action body) throws Exception {
        loop.call(Weft.asCallable(body));
    }
}
