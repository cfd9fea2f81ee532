package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Calls from where they make no sense say so, and what to do instead. */
class RefusalTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @TestFactory
    Stream<DynamicTest> hubMayNotBlock() {
        var neverStarted = new Coroutine<>(loop, "never started", () -> "");
        var queue = new WaitQueue();
        Map<String, Action> calls =
                Map.of(
                        "sleep", () -> Weft.sleep(Duration.ofSeconds(1)),
                        "yieldNow", Weft::yieldNow,
                        "join", neverStarted::join,
                        "timed join", () -> neverStarted.join(Duration.ofSeconds(1)),
                        "get", neverStarted::get,
                        "await of a promise", () -> Weft.await(loop.eventLoop().newPromise()),
                        "await of a stage", () -> Weft.await(new CompletableFuture<>()),
                        "wait queue", () -> waitIn(queue));
        return calls.entrySet().stream()
                .map(
                        call ->
                                DynamicTest.dynamicTest(
                                        call.getKey(), () -> assertHubRefuses(call.getValue())));
    }

    private void assertHubRefuses(Action call) {
        var future = loop.eventLoop().submit(Weft.asCallable(call));
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        ".* would block the hub of "
                                + loop
                                + "; do it in a coroutine: loop\\.spawn\\(\\.\\.\\.\\)");
    }

    @Test
    void refusedWaiterLeavesNothing() throws Exception {
        var queue = new WaitQueue();
        assertHubRefuses(() -> waitIn(queue));
        queue.lock();
        assertThat(queue.size()).isZero();
        queue.unlock();
        assertThat(loop.<Integer>call(loop::timerCount)).isZero();
    }

    @Test
    void hubHasNoUseForATimeout() {
        var future = loop.eventLoop().submit(() -> Timeout.start(Duration.ofSeconds(1)));
        assertThatThrownBy(future::get)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the hub never waits, so it has no use for a timeout");
    }

    @Test
    void timeoutNeedsACoroutine() {
        assertThatThrownBy(() -> Timeout.start(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Timeout.start() needs a coroutine, but "
                                + Thread.currentThread()
                                + " runs on no loop; start with Weft.run(...) or Loop.spawn(...)");
    }

    @Test
    void plainThreadMayWait() {
        assertThatCode(
                        () -> {
                            loop.checkMayBlock("anything");
                            loop.call(
                                    () -> {
                                        loop.checkMayBlock("anything");
                                        return null;
                                    });
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void coroutineCannotWaitForTheEndOfItsOwnLoop() throws Exception {
        loop.call(
                () -> {
                    assertThatThrownBy(() -> group.awaitEnd(Duration.ZERO))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage(
                                    "a coroutine of "
                                            + loop
                                            + " cannot wait for the end of its own loop");
                    return null;
                });
    }

    @Test
    void groupNeedsALoop() {
        assertThatThrownBy(() -> LoopGroup.create(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a group needs at least one loop, but 0 were asked for");
    }

    private static void waitIn(WaitQueue queue) throws InterruptedException {
        queue.lock();
        try {
            queue.await(Deadline.NEVER, queue);
        } finally {
            queue.unlock();
        }
    }
}
