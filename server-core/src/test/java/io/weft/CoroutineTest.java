package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine.State;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;

/** What one coroutine is: its body, its name, its end; and that its failure is nobody else's. */
class CoroutineTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void failureIsReportedOnceAndTheLoopLivesOn() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            var coroutine = loop.spawn("unlucky", () -> fail(new IOException("broken")));
            assertThatThrownBy(coroutine::get).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(coroutine::get).isInstanceOf(ExecutionException.class);

            assertThat(coroutine.state()).isEqualTo(State.FAILED);
            assertThat(log.messages())
                    .containsExactly(coroutine + " failed with java.io.IOException: broken");
            assertThat(coroutine.toString()).endsWith(" 'unlucky'");
            assertThat(loop.<String>call(() -> "alive")).isEqualTo("alive");
        }
    }

    @Test
    void evenAnErrorLeavesTheLoopAlive() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            var coroutine = loop.spawn(() -> overflow(0));
            coroutine.join();
            assertThat(coroutine.exception()).isInstanceOf(StackOverflowError.class);
            assertThat(log.awaitMessages(1)).hasSize(1);
            assertThat(loop.<String>call(() -> "alive")).isEqualTo("alive");
        }
    }

    @Test
    void rawOneRunsInItsTurnAndItsFailureIsReported() throws Exception {
        try (var log = LogRecorder.of(Loop.class)) {
            var order = new ArrayList<String>();
            loop.call(
                    () -> {
                        loop.spawn(() -> order.add("first"));
                        loop.spawnRaw(() -> order.add("raw"));
                        loop.spawnRaw(() -> fail(new IOException("broken")));
                        loop.spawn(() -> order.add("last"));
                        Weft.yieldNow();
                        return null;
                    });
            assertThat(order).containsExactly("first", "raw", "last");
            assertThat(log.messages())
                    .containsExactly(
                            "a raw coroutine of "
                                    + loop
                                    + " failed with java.io.IOException: broken");
        }
    }

    @Test
    void callRethrowsTheVeryExceptionAndReportsNothing() {
        try (var log = LogRecorder.of(Coroutine.class)) {
            for (int i = 0; i < 1_000; i++) {
                var broken = new IOException("broken");
                assertThatThrownBy(() -> loop.call(() -> fail(broken))).isSameAs(broken);
            }
            var error = new AssertionError("broken");
            assertThatThrownBy(() -> loop.call(() -> failHard(error))).isSameAs(error);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void startsOnce() throws Exception {
        var coroutine = loop.spawn("busy", () -> "value");
        assertThatThrownBy(coroutine::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(coroutine + " was started before; a coroutine runs once");
        coroutine.join();
        assertThatThrownBy(coroutine::start).isInstanceOf(IllegalStateException.class);
        assertThat(coroutine.get()).isEqualTo("value");
    }

    @Test
    void subclassOverridesRun() throws Exception {
        var coroutine =
                new Coroutine<String>(loop, "subclass") {
                    @Override
                    protected String run() {
                        return name() + " on " + loop();
                    }
                };
        assertThat(coroutine.start().get()).isEqualTo("subclass on " + loop);
    }

    @Test
    void subclassWithoutRunSaysWhatIsMissing() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            var coroutine = new Coroutine<String>(loop, "lazy") {}.start();
            coroutine.join();
            assertThat(coroutine.exception())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("has no body: override run() or give one");
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void knowsItselfItsParentAndItsLoop() throws Exception {
        var outer = loop.spawn("outer", () -> Weft.spawn(() -> Coroutine.current()));
        var inner = outer.get();

        assertThat((Object) inner.get()).isSameAs(inner);
        assertThat(inner.parentId()).isEqualTo(outer.id());
        assertThat(outer.parentId()).isZero();
        assertThat(inner.loop()).isSameAs(loop);
        assertThat(inner.id()).isGreaterThan(outer.id());
        assertThat(inner.createdAt() - outer.createdAt()).isNotNegative();
        assertThat(Coroutine.current()).isNull();
        assertThat(Loop.current()).isNull();
    }

    @Test
    void hubIsOnTheLoopButIsNoCoroutine() throws Exception {
        var seen =
                loop.eventLoop().submit(() -> new Object[] {Loop.current(), Coroutine.current()});
        assertThat(seen.get()).containsExactly(loop, null);
    }

    @Test
    void isCountedWhileItLives() throws Exception {
        loop.call(
                () -> {
                    assertThat(loop.coroutineCount()).isEqualTo(1);
                    var child = Weft.spawn(() -> Weft.yieldNow());
                    Weft.yieldNow();
                    assertThat(loop.coroutineCount()).isEqualTo(2);
                    child.join();
                    Weft.yieldNow();
                    assertThat(loop.coroutineCount()).isEqualTo(1);
                    return null;
                });
    }

    private static String fail(Exception e) throws Exception {
        throw e;
    }

    private static String failHard(Error e) {
        throw e;
    }

    @SuppressWarnings("InfiniteRecursion") // what the test is about
    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }
}
