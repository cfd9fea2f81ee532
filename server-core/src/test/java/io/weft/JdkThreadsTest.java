package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Virtual threads that a coroutine starts through the JDK are coroutines of the same loop. */
class JdkThreadsTest {
    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.loops().get(1);

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void landOnTheSameLoop() throws Exception {
        loop.call(
                () -> {
                    var seen = new ArrayList<Loop>();
                    Thread.startVirtualThread(() -> seen.add(Loop.current())).join();
                    Thread.ofVirtual().name("named").start(() -> seen.add(Loop.current())).join();
                    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        seen.add(executor.submit(Loop::current).get());
                        seen.add(executor.submit(JdkThreadsTest::loopOfAGrandchild).get());
                    }
                    assertThat(seen).hasSize(4).containsOnly(loop);
                    return null;
                });
    }

    private static Loop loopOfAGrandchild() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            return executor.submit(Loop::current).get();
        }
    }

    @Test
    void runInTheOrderOfTheirStartAmongTheCoroutines() throws Exception {
        loop.call(
                () -> {
                    var order = new ArrayList<String>();
                    Weft.spawn(() -> order.add("a"));
                    Thread.startVirtualThread(() -> order.add("b"));
                    Weft.spawn(() -> order.add("c"));
                    Weft.yieldNow();
                    assertThat(order).containsExactly("a", "b", "c");
                    return null;
                });
    }

    /** A plain counter shared by a thousand of them: they never run at the same time. */
    @Test
    void needNoLocksAmongThemselves() throws Exception {
        int[] counter = new int[1];
        loop.call(
                () -> {
                    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        var tasks = new ArrayList<Future<?>>();
                        for (int i = 0; i < 1_000; i++) {
                            tasks.add(executor.submit(() -> countTo(100, counter)));
                        }
                        for (var task : tasks) {
                            task.get();
                        }
                    }
                    return null;
                });
        assertThat(counter[0]).isEqualTo(100_000);
    }

    private static Void countTo(int count, int[] counter) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            int before = counter[0];
            counter[0] = before + 1;
            Weft.yieldNow();
        }
        return null;
    }

    @Test
    void mayUseEveryCallOfACoroutine() throws Exception {
        loop.call(
                () -> {
                    var results = new ArrayList<Object>();
                    var thread =
                            Thread.ofVirtual().name("adopted").start(() -> useEverything(results));
                    thread.join();
                    assertThat(results)
                            .containsExactly("adopted", "late", "late by the JDK", "value", loop);
                    assertThat(loop.timerCount()).isZero();
                    return null;
                });
    }

    private static void useEverything(List<Object> results) {
        try {
            var self = Coroutine.current();
            assertThat(Coroutine.current()).isSameAs(self);
            assertThat(self.thread()).isSameAs(Thread.currentThread());
            results.add(self.name());
            Weft.sleep(Duration.ofMillis(1));
            var moment = Duration.ofMillis(5);
            results.add(Timeout.callOr(moment, "late", () -> Block.SLEEP.call()));
            results.add(Timeout.callOr(moment, "late by the JDK", () -> Block.LATCH.call()));
            results.add(Weft.spawn(() -> "value").get());
            results.add(Weft.spawn(() -> Loop.current()).get());
        } catch (Exception e) {
            results.add(e);
        }
    }

    @Test
    void commonPoolStaysOutsideTheLoop() throws Exception {
        loop.call(
                () -> {
                    assertThat(CompletableFuture.supplyAsync(Loop::current).get()).isNull();
                    return null;
                });
    }

    /**
     * The JDK's socket pollers belong to nobody: whoever reads first, and on whichever loop, others
     * can read when that loop has gone.
     */
    @Test
    void socketsOfTheJdkOutliveTheLoopThatUsedThemFirst() throws Exception {
        loop.call(
                () -> {
                    exchangeOverSockets();
                    return null;
                });
        group.close();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.submit(
                            () -> {
                                exchangeOverSockets();
                                return null;
                            })
                    .get();
        }
    }

    private static void exchangeOverSockets() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var accepted = server.accept()) {
            var echo =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    int read = accepted.getInputStream().read();
                                    accepted.getOutputStream().write(read);
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            client.getOutputStream().write(42);
            assertThat(client.getInputStream().read()).isEqualTo(42);
            echo.join();
        }
    }

    /** Whoever joins it, or has it in a group, is told when its thread has ended. */
    @Test
    void endWithTheirThreadForThoseWhoJoinThem() throws Exception {
        var go = new CountDownLatch(1);
        var asked = new CompletableFuture<Coroutine<?>>();
        var raw = new CompletableFuture<Coroutine<?>>();
        loop.call(
                () ->
                        Thread.startVirtualThread(
                                () -> {
                                    asked.complete(Coroutine.current());
                                    try {
                                        go.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                }));
        loop.spawnRaw(
                () -> {
                    raw.complete(Coroutine.current());
                    go.await();
                });
        for (var one : List.of(asked.get(), raw.get())) {
            assertThat(one.join(Duration.ofMillis(1))).isFalse();
        }
        go.countDown();
        for (var one : List.of(asked.get(), raw.get())) {
            one.join();
            assertThat(one.isDone()).isTrue();
        }
    }
}
