package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Links are called when a coroutine has ended, in their order, whatever the others do. */
class LinkTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** How a coroutine may end. */
    enum End {
        VALUE,
        FAILURE,
        KILL,
        KILL_BEFORE_ITS_START
    }

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void areCalledInTheirOrderHoweverItEnds(End end) throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            var coroutine = coroutine(end);
            var done = new CountDownLatch(1);
            for (int i = 0; i < 10; i++) {
                String name = "link " + i;
                coroutine.link(ended -> calls.add(name + " of " + ended.state()));
            }
            coroutine.link(ended -> done.countDown());
            bringToAnEnd(coroutine, end);
            done.await();

            String state = coroutine.state().toString();
            assertThat(calls).hasSize(10).allMatch(call -> call.endsWith(state));
            assertThat(calls).isSorted();
            assertThat(log.messages()).hasSize(end == End.FAILURE ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runOnTheLoopWhereTheyMayBlock(End end) throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            var coroutine = coroutine(end);
            var seen = new CompletableFuture<Loop>();
            coroutine.link(
                    ended -> {
                        try {
                            Weft.sleep(Duration.ofMillis(1));
                            Thread.sleep(1);
                            seen.complete(Loop.current());
                        } catch (Throwable e) {
                            seen.completeExceptionally(e);
                        }
                    });
            bringToAnEnd(coroutine, end);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isSameAs(loop);
        }
    }

    @Test
    void addedAfterTheEndAreCalledToo() throws Exception {
        var coroutine = loop.spawn(() -> "value");
        coroutine.join();
        var value = new CompletableFuture<String>();
        coroutine.link(ended -> value.complete(ended.value()));
        assertThat(value.get(30, TimeUnit.SECONDS)).isEqualTo("value");
    }

    @Test
    void addedByALinkIsCalledAfterTheOthers() throws Exception {
        var done = new CountDownLatch(1);
        var coroutine = new Coroutine<>(loop, null, () -> "value");
        coroutine.link(
                ended -> {
                    calls.add("first");
                    ended.link(
                            again -> {
                                calls.add("third");
                                done.countDown();
                            });
                });
        coroutine.link(ended -> calls.add("second"));
        coroutine.start();
        done.await();
        assertThat(calls).containsExactly("first", "second", "third");
    }

    @Test
    void thatThrowsIsReportedAndTheOthersAreCalled() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            var done = new CountDownLatch(1);
            var coroutine = new Coroutine<>(loop, "linked", () -> "value");
            coroutine.link(
                    ended -> {
                        throw new IllegalStateException("broken");
                    });
            coroutine.link(ended -> done.countDown());
            coroutine.start();
            done.await();
            assertThat(coroutine.get()).isEqualTo("value");
            assertThat(log.messages())
                    .containsExactly(
                            "a link of "
                                    + coroutine
                                    + " failed with java.lang.IllegalStateException: broken");
        }
    }

    @Test
    void takenOutIsNotCalled() throws Exception {
        var done = new CountDownLatch(1);
        var coroutine = new Coroutine<>(loop, null, () -> "value");
        Consumer<Coroutine<String>> unwanted = ended -> calls.add("unwanted");
        coroutine.unlink(unwanted);
        coroutine.link(unwanted);
        coroutine.link(ended -> done.countDown());
        coroutine.unlink(unwanted);
        coroutine.start();
        done.await();
        assertThat(calls).isEmpty();
    }

    /** Killed at the very end, when its body has returned already. */
    @Test
    void hearNothingOfAKillThatCameTooLate() throws Exception {
        var interrupted = new CompletableFuture<Boolean>();
        var coroutine =
                new Coroutine<>(
                        loop,
                        null,
                        () -> {
                            Coroutine.current().kill();
                            return "value";
                        });
        coroutine.link(ended -> interrupted.complete(Thread.currentThread().isInterrupted()));
        coroutine.start();
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(coroutine.get()).isEqualTo("value");
    }

    private Coroutine<Object> coroutine(End end) {
        return new Coroutine<>(
                loop,
                "linked",
                () ->
                        switch (end) {
                            case VALUE -> "value";
                            case FAILURE -> throw new IllegalStateException("broken");
                            case KILL, KILL_BEFORE_ITS_START -> Block.SLEEP.call();
                        });
    }

    private static void bringToAnEnd(Coroutine<?> coroutine, End end) throws Exception {
        if (end != End.KILL_BEFORE_ITS_START) {
            coroutine.start();
        }
        if (end == End.KILL) {
            coroutine.loop().call(() -> null); // it has had its first turn
        }
        if (end == End.KILL || end == End.KILL_BEFORE_ITS_START) {
            coroutine.kill();
        }
        coroutine.join();
    }
}
