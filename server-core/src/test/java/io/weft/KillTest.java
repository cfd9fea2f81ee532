package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine.State;
import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/** Kill ends a coroutine wherever it is, by one interrupt at its blocking call. */
class KillTest {
    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.loops().get(0);
    private final Loop otherLoop = group.loops().get(1);
    private final LogRecorder log = LogRecorder.of(Coroutine.class);

    @AfterEach
    void nothingWasReported() {
        group.close();
        log.close();
        assertThat(log.messages()).isEmpty();
    }

    @Test
    void newOneNeverRuns() throws Exception {
        var runs = new AtomicInteger();
        var coroutine = new Coroutine<>(loop, "new", runs::incrementAndGet);
        coroutine.kill();
        coroutine.join();
        coroutine.start();

        assertThat(coroutine.state()).isEqualTo(State.KILLED);
        loop.call(() -> null);
        assertThat(runs).hasValue(0);
    }

    @Test
    void startedOneThatHasNotRunNeverRuns() throws Exception {
        var runs = new AtomicInteger();
        var coroutine =
                loop.call(
                        () -> {
                            var child = Weft.spawn(runs::incrementAndGet);
                            child.kill();
                            child.join();
                            Weft.yieldNow();
                            return child;
                        });
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
        assertThat(coroutine.exception())
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("was killed before its first run");
        assertThat(runs).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void fromAPlainThread(Block block) throws Exception {
        var coroutine = loop.spawn(block::call);
        awaitBlocked(coroutine, block);
        coroutine.kill();
        coroutine.join();
        assertKilled(coroutine);
    }

    @ParameterizedTest
    @EnumSource
    void fromAnotherLoop(Block block) throws Exception {
        var coroutine = loop.spawn(block::call);
        awaitBlocked(coroutine, block);
        otherLoop.call(
                () -> {
                    coroutine.kill();
                    coroutine.join();
                    return null;
                });
        assertKilled(coroutine);
    }

    @ParameterizedTest
    @EnumSource
    void fromTheSameLoop(Block block) throws Exception {
        var coroutine = loop.spawn(block::call);
        awaitBlocked(coroutine, block);
        loop.call(
                () -> {
                    coroutine.kill();
                    assertThat(coroutine.isDone()).as("kill does not wait").isFalse();
                    coroutine.join();
                    return null;
                });
        assertKilled(coroutine);
    }

    @ParameterizedTest
    @EnumSource
    void fromTheHub(Block block) throws Exception {
        var coroutine = loop.spawn(block::call);
        awaitBlocked(coroutine, block);
        loop.eventLoop().execute(coroutine::kill);
        coroutine.join();
        assertKilled(coroutine);
    }

    @ParameterizedTest
    @EnumSource
    void itselfAtItsNextBlockingCall(Block block) throws Exception {
        var coroutine =
                loop.spawn(
                        () -> {
                            Coroutine.current().kill();
                            return block.call();
                        });
        coroutine.join();
        assertKilled(coroutine);
    }

    @Test
    void itselfWithoutEffectIfItNeverBlocksAgain() throws Exception {
        var coroutine =
                loop.spawn(
                        () -> {
                            Coroutine.current().kill();
                            return "value";
                        });
        assertThat(coroutine.get()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SOCKET_READ") // it leaves the interrupt behind
    void deliveredOnceSoThatFinallyMayBlock(Block block) throws Exception {
        var steps = new ArrayList<String>();
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return block.call();
                            } finally {
                                Weft.sleep(Duration.ofMillis(1));
                                steps.add("slept");
                                Thread.sleep(1);
                                steps.add("slept by the JDK");
                                Weft.yieldNow();
                                steps.add("yielded");
                            }
                        });
        awaitBlocked(coroutine, block);
        coroutine.kill();
        coroutine.join();
        assertKilled(coroutine);
        assertThat(steps).containsExactly("slept", "slept by the JDK", "yielded");
    }

    @Test
    void twiceAtOnceIsDeliveredOnce() throws Exception {
        var coroutine = loop.spawn(() -> countInterruptions(1));
        Threads.awaitParked(coroutine);
        loop.call(
                () -> {
                    coroutine.kill();
                    coroutine.kill();
                    return null;
                });
        assertThat(coroutine.get()).isEqualTo(1);
    }

    @Test
    void againAfterDeliveryReachesTheNextBlockingCall() throws Exception {
        var first = new CountDownLatch(1);
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return Block.SLEEP.call();
                            } finally {
                                first.countDown();
                                Block.BLOCKING_QUEUE.call();
                            }
                        });
        Threads.awaitParked(coroutine);
        coroutine.kill();
        first.await();
        coroutine.kill();
        coroutine.join();
        assertKilled(coroutine);
    }

    @Test
    void finishedOneKeepsItsValue() throws Exception {
        var coroutine = loop.spawn(() -> "value");
        coroutine.join();
        coroutine.kill();
        loop.call(() -> null);
        assertThat(coroutine.state()).isEqualTo(State.SUCCEEDED);
        assertThat(coroutine.get()).isEqualTo("value");
    }

    @Test
    void oneThatIsReadyIsKilledAtItsNextBlockingCall() throws Exception {
        var passed = new AtomicInteger();
        var coroutine =
                loop.call(
                        () -> {
                            var child =
                                    Weft.spawn(
                                            () -> {
                                                Weft.yieldNow();
                                                passed.incrementAndGet();
                                            });
                            Weft.yieldNow(); // the child runs and is ready again
                            child.kill();
                            child.join();
                            return child;
                        });
        assertKilled(coroutine);
        assertThat(passed).hasValue(0);
    }

    @Test
    void swallowedMeansSucceeded() throws Exception {
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return Block.SLEEP.call();
                            } catch (InterruptedException e) {
                                return null;
                            }
                        });
        Threads.awaitParked(coroutine);
        coroutine.kill();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void wrappedByTheBodyIsStillAKill() throws Exception {
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return Block.THREAD_SLEEP.call();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException("wrapped", e);
                            }
                        });
        Threads.awaitParked(coroutine);
        coroutine.kill();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
    }

    @Test
    void interruptedByAStrangerMeansFailed() throws Exception {
        try (var reports = LogRecorder.of(Coroutine.class)) {
            var coroutine = loop.spawn("patient", Block.SLEEP::call);
            Threads.awaitParked(coroutine);
            coroutine.thread().interrupt();
            coroutine.join();
            assertThat(coroutine.state()).isEqualTo(State.FAILED);
            assertThat(coroutine.exception())
                    .isInstanceOf(InterruptedException.class)
                    .hasMessage(coroutine + " was interrupted");
            assertThat(reports.awaitMessages(1)).hasSize(1);
        }
        log.forget();
    }

    @Test
    void getOfAKilledOneThrowsWithTheKillAsItsCause() throws Exception {
        var coroutine = loop.spawn("victim", Block.SLEEP::call);
        Threads.awaitParked(coroutine);
        coroutine.kill();
        assertThatThrownBy(coroutine::get)
                .isInstanceOf(CancellationException.class)
                .hasMessage(coroutine + " was killed")
                .hasCauseInstanceOf(InterruptedException.class);
    }

    /** Start and kill meet from two threads: it runs or it does not, but it ends, and only once. */
    @Test
    void startAndKillAtTheSameTimeEndOnce() throws Exception {
        int rounds = 2_000;
        var together = new CyclicBarrier(2);
        var ends = new AtomicInteger();
        var coroutines = new ArrayList<Coroutine<?>>();
        for (int i = 0; i < rounds; i++) {
            var coroutine = new Coroutine<>(loop, null, Block.LATCH::call);
            coroutine.link(ended -> ends.incrementAndGet());
            coroutines.add(coroutine);
        }
        var killer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (var coroutine : coroutines) {
                                        meet(together);
                                        coroutine.kill();
                                    }
                                });
        for (var coroutine : coroutines) {
            meet(together);
            coroutine.start();
        }
        killer.join();
        for (var coroutine : coroutines) {
            coroutine.join();
            assertThat(coroutine.state()).isEqualTo(State.KILLED);
        }
        loop.call(() -> null);
        assertThat(ends).hasValue(rounds);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static int countInterruptions(int sleepsAfter) throws InterruptedException {
        int interruptions = 0;
        try {
            Weft.sleep(Duration.ofDays(1));
        } catch (InterruptedException e) {
            interruptions++;
        }
        for (int i = 0; i < sleepsAfter; i++) {
            Weft.sleep(Duration.ofMillis(1));
        }
        return interruptions;
    }

    private static void awaitBlocked(Coroutine<?> coroutine, Block block) throws Exception {
        if (block == Block.YIELD_FOR_EVER) {
            coroutine.loop().call(() -> null); // it has had its first turn
        } else {
            Threads.awaitParked(coroutine);
        }
    }

    private static void assertKilled(Coroutine<?> coroutine) {
        assertThat(coroutine.state()).as("%s", coroutine.exception()).isEqualTo(State.KILLED);
        assertThat(coroutine.isDone()).isTrue();
        assertThat(coroutine.isSuccessful()).isFalse();
        assertThat(coroutine.value()).isNull();
        assertThat(coroutine.exception())
                .isInstanceOfAny(InterruptedException.class, IOException.class);
    }
}
