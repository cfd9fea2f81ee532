package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine.State;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A loop for the time of one call. */
class WeftRunTest {
    @Test
    void givesTheValueOfMain() throws Exception {
        assertThat(Weft.<String>run(() -> "value")).isEqualTo("value");
        assertThat(Weft.<String>run(() -> null)).isNull();
    }

    @Test
    void throwsTheVeryExceptionOfMain() {
        var broken = new IOException("broken");
        assertThatThrownBy(
                        () ->
                                Weft.run(
                                        () -> {
                                            throw broken;
                                        }))
                .isSameAs(broken);
    }

    @Test
    void killsWhatMainLeftRunningAndEndsTheLoop() throws Exception {
        var left = Weft.<Coroutine<?>>run(() -> leave(Weft.spawn(() -> Block.SLEEP.run())));
        assertThat(left.state()).isEqualTo(State.KILLED);
        assertThat(left.loop().hasEnded()).isTrue();
        assertThat(left.thread().isAlive()).isFalse();
    }

    private static Coroutine<?> leave(Coroutine<?> child) throws InterruptedException {
        Weft.yieldNow();
        assertThat(child.isDone()).isFalse();
        return child;
    }

    @Test
    void isRefusedWhereALoopRunsAlready() throws Exception {
        Weft.run(
                () ->
                        assertThatThrownBy(() -> Weft.run(() -> "inner"))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage(
                                        "Weft.run() starts a loop of its own, but its caller is on "
                                                + Loop.current()
                                                + " already; call spawn(...) instead"));
    }

    @Test
    void interruptOfTheCallerKillsMain() throws Exception {
        var main = new CompletableFuture<Coroutine<?>>();
        var outcome = new CompletableFuture<Throwable>();
        var caller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        Weft.run(
                                                () -> {
                                                    main.complete(Coroutine.current());
                                                    Block.BLOCKING_QUEUE.run();
                                                });
                                    } catch (Throwable e) {
                                        outcome.complete(e);
                                    }
                                });
        Threads.awaitParked(main.get());
        caller.interrupt();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        assertThat(main.get().state()).isEqualTo(State.KILLED);
        caller.join();
    }

    @Test
    void spawnOfAPlainThreadGoesToTheSharedGroup() throws Exception {
        assertThat(Weft.spawn(() -> Loop.current().group()).get()).isSameAs(LoopGroup.shared());
    }
}
