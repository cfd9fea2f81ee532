package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread wakes a coroutine while its loop is busy, is asleep in the poller, or is just going to
 * sleep. A wake-up lost in that last moment would leave both sides waiting for ever, so a round
 * that does not end is the failure; the random spinning moves the wake-up through all three.
 */
@Timeout(300) // for machines with better things to do
class ForeignWakeTest {
    private static final int MESSAGES = 100_000;

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.loops().get(0);
    private final Loop otherLoop = group.loops().get(1);

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "200, 60000", "5000, 10000"})
    void plainThreadAndCoroutinePlayPingPong(int spins, int rounds) throws Exception {
        var match = new Match(rounds);
        var coroutine = loop.spawn(() -> match.play(1, new Pause(spins, 1)));
        match.start(Thread.currentThread(), coroutine.thread());
        match.play(0, new Pause(spins, 2));
        coroutine.get();
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "200, 60000", "5000, 10000"})
    void twoLoopsPlayPingPong(int spins, int rounds) throws Exception {
        var match = new Match(rounds);
        var one = loop.spawn(() -> match.play(0, new Pause(spins, 1)));
        var other = otherLoop.spawn(() -> match.play(1, new Pause(spins, 2)));
        match.start(one.thread(), other.thread());
        one.get();
        other.get();
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "200, 60000", "5000, 10000"})
    void foreignSpawnsRun(int spins, int rounds) throws Exception {
        var pause = new Pause(spins, 3);
        for (int i = 0; i < rounds / 2; i++) {
            int number = i;
            int answer = loop.spawn(() -> number + 1).get();
            assertThat(answer).isEqualTo(number + 1);
            pause.spin();
        }
    }

    @Test
    void manyThreadsWakeOneLoop() throws Exception {
        int threads = 4;
        var sum = new AtomicInteger();
        var done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            var pause = new Pause(100, t);
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                for (int i = 0; i < MESSAGES / threads; i++) {
                                    loop.spawn(sum::incrementAndGet);
                                    pause.spin();
                                }
                                done.countDown();
                            });
        }
        done.await();
        loop.call(() -> null);
        assertThat(sum).hasValue(MESSAGES);
    }

    /** A coroutine that was woken from outside leaves work for the hub, which may be asleep. */
    @Test
    void hubHearsWhatAWokenCoroutineLeaves() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            switch (i % 3) {
                case 0 -> loop.call(() -> Weft.await(loop.eventLoop().submit(() -> true)));
                case 1 -> loop.call(this::waitForAHubTask);
                default -> loop.call(this::sleepAMoment);
            }
        }
    }

    private boolean waitForAHubTask() {
        var task = new Flag(Thread.currentThread());
        loop.onHub(task);
        while (!task.done) {
            LockSupport.park(task);
        }
        return true;
    }

    private boolean sleepAMoment() throws InterruptedException {
        Weft.sleep(java.time.Duration.ofNanos(10_000));
        return true;
    }

    private static final class Flag extends HubTask {
        private final Thread waiter;
        boolean done;

        Flag(Thread waiter) {
            this.waiter = waiter;
        }

        @Override
        protected void run() {
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    /** Two players take turns at counting up; each parks until it is its turn. */
    private static final class Match {
        private final int rounds;
        private final AtomicInteger turn = new AtomicInteger();
        private final Thread[] players = new Thread[2];
        private final CountDownLatch begun = new CountDownLatch(1);

        Match(int rounds) {
            this.rounds = rounds;
        }

        void start(Thread first, Thread second) {
            players[0] = first;
            players[1] = second;
            begun.countDown();
        }

        int play(int side, Pause pause) throws InterruptedException {
            begun.await();
            for (int next = side; next < rounds; next += 2) {
                while (turn.get() != next) {
                    LockSupport.park(this);
                }
                pause.spin();
                turn.set(next + 1);
                LockSupport.unpark(players[1 - side]);
            }
            return turn.get();
        }
    }

    /** Spins for a random time up to a limit, so that the other side is met in ever new places. */
    private static final class Pause {
        private final int limit;
        private final SplittableRandom random;

        Pause(int limit, long seed) {
            this.limit = limit;
            random = new SplittableRandom(seed);
        }

        void spin() {
            int spins = limit == 0 ? 0 : random.nextInt(limit);
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
        }
    }
}
