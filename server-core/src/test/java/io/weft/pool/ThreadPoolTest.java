package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work on threads, awaited by coroutines while their loop runs on. */
class ThreadPoolTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ThreadPool pool = new ThreadPool(2);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void theLoopRunsOnWhileAThreadIsHeld() throws Exception {
        Weft.run(
                () -> {
                    var release = new AtomicBoolean();
                    var held =
                            pool.spawn(
                                    () -> {
                                        while (!release.get()) {
                                            Thread.onSpinWait(); // nothing that would switch
                                        }
                                        return Thread.currentThread().isVirtual();
                                    });
                    for (int i = 0; i < 100; i++) {
                        Weft.yieldNow();
                    }
                    assertThat(held.isDone()).isFalse();
                    release.set(true);
                    assertThat(held.get()).isFalse();
                });
    }

    @Test
    void applyGivesTheValueOrTheFailure() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        assertThat(pool.apply(() -> 6 * 7)).isEqualTo(42);
                        assertThatThrownBy(() -> pool.apply(ThreadPoolTest::fail))
                                .isInstanceOf(ExecutionException.class)
                                .hasRootCauseMessage("broken");
                    });
            assertThat(log.messages()).isEmpty();
        }
        assertThat(pool.apply(() -> "from a plain thread")).isEqualTo("from a plain thread");
    }

    @Test
    void aFailureIsTheThreadsOwnWithItsTrace() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        var failed = pool.spawn(ThreadPoolTest::fail);
                        failed.join();
                        assertThat(failed.exception()).isExactlyInstanceOf(IOException.class);
                        assertThat(failed.exception().getStackTrace()[0].getMethodName())
                                .isEqualTo("fail");
                    });
        }
    }

    @Test
    void mapUsesNoMoreThreadsThanItMay() throws Exception {
        Weft.run(
                () -> {
                    var threads =
                            new HashSet<>(
                                    pool.map(GroupTest.range(50), i -> Thread.currentThread()));
                    assertThat(threads).hasSizeBetween(1, 2).allMatch(thread -> thread.isDaemon());
                    assertThat(pool.map(GroupTest.range(50), i -> i))
                            .isEqualTo(GroupTest.range(50));
                    assertThat(pool.threadCount()).isLessThanOrEqualTo(2);
                });
    }

    @Test
    void spawnWaitsWhileAllThreadsAreBusy() throws Exception {
        Weft.run(
                () -> {
                    var release = new CountDownLatch(1);
                    pool.spawn(() -> release.await());
                    pool.spawn(() -> release.await());
                    assertThat(pool.trySpawn(() -> "")).isNull();
                    var third = Weft.spawn(() -> pool.apply(() -> "third"));
                    assertThat(third.join(Duration.ofMillis(5))).isFalse();
                    release.countDown();
                    assertThat(third.get()).isEqualTo("third");
                });
    }

    @Test
    void aKillInterruptsTheThread() throws Exception {
        Weft.run(
                () -> {
                    var begun = new CountDownLatch(1);
                    var interrupted = new CountDownLatch(1);
                    var member =
                            pool.spawn(
                                    () -> {
                                        begun.countDown();
                                        try {
                                            new CountDownLatch(1).await();
                                        } catch (InterruptedException e) {
                                            interrupted.countDown();
                                        }
                                    });
                    begun.await();
                    member.kill();
                    member.join();
                    assertThat(member.state()).isEqualTo(Coroutine.State.KILLED);
                    interrupted.await();
                    assertThat(pool.apply(() -> "still works")).isEqualTo("still works");
                });
    }

    @Test
    void aTimeoutEndsTheWaitForAThread() throws Exception {
        Weft.run(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(5),
                                                        () ->
                                                                pool.apply(
                                                                        () -> {
                                                                            new CountDownLatch(1)
                                                                                    .await();
                                                                            return "";
                                                                        })))
                                .isInstanceOf(Timeout.Expired.class));
        await().atMost(LONG).until(() -> pool.size() == 0);
    }

    /** A thread that takes no notice is not used for two things, nor is there a third thread. */
    @Test
    void workThatOutlivesItsKillKeepsItsThread() throws Exception {
        Weft.run(
                () -> {
                    var single = new ThreadPool(1);
                    var release = new AtomicBoolean();
                    var begun = new CountDownLatch(1);
                    var stubborn =
                            single.spawn(
                                    () -> {
                                        begun.countDown();
                                        while (!release.get()) {
                                            Thread.onSpinWait();
                                        }
                                    });
                    begun.await();
                    stubborn.kill();
                    stubborn.join();
                    var next = single.spawn(() -> release.get());
                    for (int i = 0; i < 10; i++) {
                        Weft.yieldNow();
                    }
                    assertThat(next.isDone()).isFalse();
                    assertThat(single.threadCount()).isEqualTo(1);
                    release.set(true);
                    assertThat(next.get()).isTrue();
                    single.close();
                });
    }

    @Test
    void idleThreadsGo() throws Exception {
        try (var quick = new ThreadPool(2, Duration.ofMillis(1))) {
            assertThat(quick.apply(() -> "value")).isEqualTo("value");
            await().atMost(LONG).until(() -> quick.threadCount() == 0);
            assertThat(quick.apply(() -> "again")).isEqualTo("again");
        }
    }

    @Test
    void closeLeavesNobodyWaiting() throws Exception {
        Weft.run(
                () -> {
                    var closed = new ThreadPool(1);
                    var members = new ArrayList<Coroutine<?>>();
                    members.add(closed.spawn(() -> new CountDownLatch(1).await()));
                    members.add(Weft.spawn(() -> closed.spawn(() -> "").join()));
                    Weft.yieldNow();
                    closed.close();
                    for (var member : members) {
                        assertThat(member.join(LONG)).isTrue();
                    }
                    assertThatThrownBy(() -> closed.apply(() -> ""))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("closed");
                });
    }

    @Test
    void statisticsTellOfThreadsAndOfMembers() throws Exception {
        Weft.run(
                () -> {
                    assertThat(pool.threadStatistics())
                            .isEqualTo(new ThreadPool.ThreadStatistics(0, 2, 0));
                    var begun = new CountDownLatch(1);
                    var release = new AtomicBoolean();
                    var stubborn =
                            pool.spawn(
                                    () -> {
                                        begun.countDown();
                                        while (!release.get()) {
                                            Thread.onSpinWait();
                                        }
                                    });
                    begun.await();
                    assertThat(pool.threadStatistics())
                            .isEqualTo(new ThreadPool.ThreadStatistics(1, 2, 1));
                    stubborn.kill();
                    stubborn.join();
                    assertThat(pool.statistics()).isEqualTo(new Group.Statistics(0, 2, 0, 0));
                    assertThat(pool.threadStatistics().working()).isOne(); // for nobody any more
                    release.set(true);
                    await().atMost(LONG).until(() -> pool.threadStatistics().working() == 0);
                    assertThat(pool.threadStatistics().threads()).isOne();
                });
    }

    @Test
    void lateCallIsInterruptedOnItsThread() throws Exception {
        Weft.run(
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            pool.apply(
                                                    () -> {
                                                        new CountDownLatch(1).await();
                                                        return "";
                                                    },
                                                    Duration.ofMillis(5)))
                            .isInstanceOf(TimeoutException.class);
                    assertThat(pool.join(LONG)).isTrue();
                    await().atMost(LONG).until(() -> pool.threadStatistics().working() == 0);
                });
    }

    @Test
    void thereIsOneForAll() throws Exception {
        assertThat(ThreadPool.shared().capacity()).isEqualTo(10);
        assertThat(ThreadPool.shared().apply(() -> 1)).isEqualTo(1);
    }

    @Test
    void refusesBadSizes() {
        assertThatThrownBy(() -> new ThreadPool(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThreadPool(1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Object fail() throws IOException {
        throw new IOException("broken");
    }

    /** Waiting for a thread could be waiting for oneself; gevent's worker does it itself, too. */
    @Test
    void workOfItsOwnWorkIsDoneAtOnceOnTheSameThread() throws Exception {
        try (var one = new ThreadPool(1)) {
            Weft.run(
                    () ->
                            one.apply(
                                    () -> {
                                        var own = Thread.currentThread();
                                        assertThat(one.apply(Thread::currentThread)).isSameAs(own);
                                        assertThat(one.apply(() -> "in time", LONG))
                                                .isEqualTo("in time");
                                        assertThat(one.map(List.of(1, 2), n -> n + 1))
                                                .containsExactly(2, 3);
                                        assertThatThrownBy(() -> one.map(List.of(0), n -> 1 / n))
                                                .isInstanceOf(ExecutionException.class)
                                                .hasCauseInstanceOf(ArithmeticException.class);
                                        return null;
                                    }));
        }
    }

    @Test
    void threadsSeeNothingThatWhoeverCameFirstHandsDown() throws Exception {
        var user = new InheritableThreadLocal<String>();
        user.set("ann");
        assertThat(pool.<String>apply(user::get)).isNull();
    }
}
