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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** A loop that is shut down leaves no coroutine behind, and no thread. */
class ShutdownTest {
    private static final Duration MOMENT = Duration.ofMillis(20);

    /** Sleeping is what is tested: it outlasts the loop, and then ends by itself. */
    private static final Duration NAP = Duration.ofMillis(300);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void killsWhoeverIsParked(Block block) throws Exception {
        var coroutine = loop.spawn(block::call);
        loop.call(() -> null);
        shutDown(PATIENCE);
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
        assertEnded(coroutine.thread());
    }

    @ParameterizedTest
    @EnumSource
    void killsAgainWhoeverIgnoresTheFirstKill(Block block) throws Exception {
        try (var log = LogRecorder.of(Loop.class)) {
            var coroutine =
                    loop.spawn(
                            () -> {
                                try {
                                    block.run();
                                } catch (Exception e) {
                                    // this one goes on
                                }
                                Thread.interrupted(); // java.net leaves it set
                                return block.call();
                            });
            loop.call(() -> null);
            shutDown(MOMENT);
            coroutine.join();
            assertThat(coroutine.state()).isEqualTo(State.KILLED);
            assertEnded(coroutine.thread());
            assertThat(log.messages())
                    .allMatch(
                            m ->
                                    m.equals(
                                            loop
                                                    + " ends although 1 of its coroutines outlived"
                                                    + " their kill"));
        }
    }

    /** It ignores every kill, so it is left to the JDK's scheduler, where its sleeps end. */
    @Test
    void sleeperThatOutlivesItsLoopSleepsOn() throws Exception {
        try (var _ = LogRecorder.of(Loop.class)) {
            var coroutine =
                    loop.spawn(
                            () -> {
                                int kills = 0;
                                while (kills < 2) {
                                    try {
                                        Weft.sleep(Duration.ofDays(1));
                                    } catch (InterruptedException e) {
                                        kills++;
                                    }
                                }
                                for (int i = 0; i < 3; i++) {
                                    Weft.sleep(MOMENT);
                                }
                                return Loop.current() == null;
                            });
            loop.call(() -> null);
            shutDown(MOMENT);
            assertThat(coroutine.get()).isTrue();
            assertEnded(coroutine.thread());
        }
    }

    @Test
    @SuppressWarnings("LockNotBeforeTry")
    void whoeverIsUnparkedAfterTheEndFinishesOnTheSchedulerOfTheJdk() throws Exception {
        try (var _ = LogRecorder.of(Loop.class)) {
            var lock = new ReentrantLock();
            lock.lock();
            var coroutine =
                    loop.spawn(
                            () -> {
                                lock.lock(); // which no interrupt ends
                                lock.unlock();
                                return Loop.current() == null;
                            });
            Threads.awaitParked(coroutine);
            shutDown(MOMENT);
            assertThat(coroutine.isDone()).isFalse();
            lock.unlock();
            assertThat(coroutine.get()).isTrue();
            assertEnded(coroutine.thread());
        }
    }

    @Test
    void threadsStartedThroughTheJdkFinishToo() throws Exception {
        var queue = new LinkedBlockingQueue<String>();
        var results = new LinkedBlockingQueue<String>();
        var threads =
                loop.call(
                        () ->
                                List.of(
                                        Thread.startVirtualThread(
                                                () -> results.add(uninterrupted(queue::take))),
                                        Thread.startVirtualThread(
                                                () ->
                                                        results.add(
                                                                uninterrupted(
                                                                        () -> sleep("Weft")))),
                                        Thread.startVirtualThread(
                                                () ->
                                                        results.add(
                                                                uninterrupted(
                                                                        () ->
                                                                                sleepByJdk(
                                                                                        "JDK"))))));
        loop.call(() -> null); // they have had their first turn
        shutDown(PATIENCE);
        queue.add("queue");
        for (var thread : threads) {
            assertEnded(thread);
        }
        assertThat(results).containsExactlyInAnyOrder("queue", "Weft", "JDK");
    }

    @Test
    void whoeverHasNotRunYetNeverRuns() throws Exception {
        var ran = new AtomicBoolean();
        var coroutine = new CompletableFuture<Coroutine<?>>();
        loop.eventLoop()
                .execute(
                        () -> {
                            group.shutDown(PATIENCE);
                            coroutine.complete(loop.spawn(() -> ran.getAndSet(true)));
                        });
        assertThat(group.awaitEnd(PATIENCE)).isTrue();
        coroutine.get().join();
        assertThat(coroutine.get().state()).isEqualTo(State.KILLED);
        assertThat(ran).isFalse();
    }

    @Test
    void childrenOfTheDyingNeverRun() throws Exception {
        var child = new CompletableFuture<Coroutine<?>>();
        var parent =
                loop.spawn(
                        () -> {
                            try {
                                return Block.SLEEP.call();
                            } finally {
                                child.complete(Weft.spawn(() -> "never"));
                            }
                        });
        loop.call(() -> null);
        shutDown(PATIENCE);
        parent.join();
        child.get().join();
        assertThat(child.get().state()).isEqualTo(State.KILLED);
    }

    @Test
    void linksAreStillCalled() throws Exception {
        var ended = new CountDownLatch(3);
        var parked = loop.spawn(Block.SLEEP::call);
        var neverStarted = new Coroutine<>(loop, "new", () -> "value");
        parked.link(c -> ended.countDown());
        neverStarted.link(c -> ended.countDown());
        loop.call(() -> null);
        shutDown(PATIENCE);
        neverStarted.kill();
        parked.link(c -> ended.countDown());
        ended.await();
    }

    @Test
    void endedLoopKillsWhatIsSpawned() throws Exception {
        shutDown(PATIENCE);
        assertThat(loop.hasEnded()).isTrue();
        assertThat(loop.isStopping()).isTrue();

        var coroutine = loop.spawn(() -> "never");
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
        assertThatThrownBy(coroutine::get)
                .isInstanceOf(CancellationException.class)
                .hasMessage(coroutine + " was killed")
                .rootCause()
                .hasMessage(loop + " has ended");
        assertThatThrownBy(() -> loop.call(() -> "never"))
                .isInstanceOf(CancellationException.class)
                .hasMessage(loop + " has ended");
    }

    @Test
    void thatIsDoneTwiceIsDoneOnce() throws Exception {
        group.shutDown(PATIENCE);
        group.shutDown(PATIENCE);
        assertThat(group.awaitEnd(PATIENCE)).isTrue();
        group.shutDown(PATIENCE);
        group.close();
    }

    @Test
    void fromACoroutineOfTheGroupItDoesNotWait() throws Exception {
        var coroutine =
                loop.spawn(
                        () -> {
                            group.close();
                            return Block.SLEEP.call();
                        });
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
        assertThat(group.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void awaitEndSaysWhetherItHasEnded() throws Exception {
        assertThat(group.awaitEnd(Duration.ZERO)).isFalse();
        assertThat(group.awaitEnd(MOMENT)).isFalse();
        group.shutDown(PATIENCE);
        assertThat(group.awaitEnd(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }

    @Test
    void leavesNoThread() throws Exception {
        List<String> names = new ArrayList<>();
        try (var several = LoopGroup.create(3)) {
            several.loops().forEach(each -> names.add(each.name()));
            for (var each : several.loops()) {
                each.call(() -> null);
                each.spawn(Block.SLEEP::call);
            }
            assertThat(names).hasSize(3).isSubsetOf(platformThreads());
        }
        assertThat(platformThreads()).doesNotContainAnyElementsOf(names);
    }

    /** Spawns, kills and wake-ups meet the end of the loop: whatever happens, everyone ends. */
    @Test
    void nothingIsLostInTheRaceWithTheEnd() throws Exception {
        for (int round = 0; round < 100; round++) {
            var racing = LoopGroup.create(1);
            Loop its = racing.next();
            var spawned = new CompletableFuture<List<Coroutine<?>>>();
            var spawner = Thread.ofPlatform().start(() -> spawned.complete(spawnMany(its, 50)));
            for (int i = 0; i < round % 10; i++) {
                its.call(() -> null);
            }
            racing.close();
            for (var coroutine : spawned.get()) {
                coroutine.join();
            }
            spawner.join();
        }
    }

    /** What wakes a loop must not reach into memory that went with it. */
    @Test
    void loopsComeAndGoWhileOthersWakeThem() throws Exception {
        for (int round = 0; round < 300; round++) {
            var brief = LoopGroup.create(1);
            var its = brief.next().eventLoop();
            var waker =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 50 && !its.isShuttingDown(); i++) {
                                            try {
                                                its.execute(() -> {});
                                            } catch (RejectedExecutionException e) {
                                                return; // it has ended just now
                                            }
                                        }
                                    });
            for (int i = 0; i < round % 4; i++) {
                brief.next().call(() -> null);
            }
            brief.close();
            waker.join();
            assertThat(brief.awaitEnd(PATIENCE)).isTrue();
        }
    }

    private static List<Coroutine<?>> spawnMany(Loop loop, int count) {
        var coroutines = new ArrayList<Coroutine<?>>();
        for (int i = 0; i < count; i++) {
            Block block = i % 2 == 0 ? Block.SLEEP : Block.LATCH;
            coroutines.add(loop.spawn(block::call));
        }
        return coroutines;
    }

    private void shutDown(Duration grace) throws InterruptedException {
        group.shutDown(grace);
        assertThat(group.awaitEnd(PATIENCE)).isTrue();
    }

    private static void assertEnded(Thread thread) throws InterruptedException {
        assertThat(thread.join(PATIENCE)).as("end of %s", thread).isTrue();
    }

    private static List<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static String uninterrupted(Callable<String> call) {
        try {
            return call.call();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static String sleep(String value) throws InterruptedException {
        Weft.sleep(NAP);
        return value;
    }

    private static String sleepByJdk(String value) throws InterruptedException {
        Thread.sleep(NAP);
        return value;
    }
}
