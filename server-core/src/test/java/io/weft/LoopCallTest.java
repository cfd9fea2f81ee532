package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Coroutine.State;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A call on another loop: its value, its exception, and what an interrupt of the caller does. */
class LoopCallTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Callable<String> JUST_WAIT =
            () -> {
                Block.SLEEP.run();
                return "woken by itself";
            };

    private static final Callable<String> VALUE = LoopCallTest::valueWhenKilled;

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(2);
    private final Loop caller = group.loops().get(0);
    private final Loop callee = group.loops().get(1);

    /** The coroutine that runs the call on the other loop. */
    private final CompletableFuture<Coroutine<?>> inner = new CompletableFuture<>();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void runsThereAndGivesTheValue() throws Exception {
        Loop there = caller.call(() -> callee.call(Loop::current));
        assertThat(there).isSameAs(callee);
    }

    @Test
    void fromTheLoopItselfItIsAPlainCall() throws Exception {
        Boolean same =
                callee.call(
                        () -> {
                            Thread outer = Thread.currentThread();
                            return callee.call(() -> Thread.currentThread() == outer);
                        });
        assertThat(same).isTrue();
    }

    @Test
    void killOfTheCallerKillsTheCall() throws Exception {
        var outer = caller.spawn(() -> callee.call(announced(Block.SLEEP::call)));
        Threads.awaitParked(inner.get());
        outer.kill();
        outer.join();
        assertThat(outer.state()).isEqualTo(State.KILLED);
        assertThat(inner.get().state()).isEqualTo(State.KILLED);
    }

    @Test
    void timeoutOfTheCallerKillsTheCall() throws Exception {
        var outer =
                caller.spawn(
                        () ->
                                Timeout.<String>callOr(
                                        LIMIT, "late", () -> callee.call(announced(JUST_WAIT))));
        Threads.awaitParked(inner.get());
        clock.advance(LIMIT);
        assertThat(outer.get()).isEqualTo("late");
        assertThat(inner.get().state()).isEqualTo(State.KILLED);
    }

    @Test
    void failureAfterTheKillIsToldBesideIt() throws Exception {
        var broken = new IOException("broken");
        var outer =
                caller.spawn(
                        () -> {
                            try (var _ = Timeout.start(LIMIT)) {
                                return catchThrowable(
                                        () -> callee.call(announced(() -> failWhenKilled(broken))));
                            }
                        });
        Threads.awaitParked(inner.get());
        clock.advance(LIMIT);
        assertThat(outer.get()).isInstanceOf(Timeout.Expired.class).hasSuppressedException(broken);
    }

    /** The call takes the kill and gives its value all the same. */
    @Test
    void valueThatCameNeverthelessCountsAndTheTimeoutStrikesLater() throws Exception {
        var value = new CompletableFuture<String>();
        var outer =
                caller.spawn(
                        () -> {
                            var late =
                                    Timeout.callOr(
                                            LIMIT,
                                            "late",
                                            () -> {
                                                value.complete(callee.call(announced(VALUE)));
                                                return JUST_WAIT.call();
                                            });
                            Weft.yieldNow(); // no interrupt is left
                            return late;
                        });
        Threads.awaitParked(inner.get());
        clock.advance(LIMIT);
        assertThat(outer.get()).isEqualTo("late");
        assertThat(value.get()).isEqualTo("value");
    }

    @Test
    void valueThatCameNeverthelessCountsAndTheKillStrikesLater() throws Exception {
        var value = new CompletableFuture<String>();
        var outer =
                caller.spawn(
                        () -> {
                            value.complete(callee.call(announced(VALUE)));
                            return Block.SLEEP.call();
                        });
        Threads.awaitParked(inner.get());
        outer.kill();
        outer.join();
        assertThat(value.get()).isEqualTo("value");
        assertThat(outer.state()).isEqualTo(State.KILLED);
        assertThat(outer.exception()).hasMessage(outer + " was killed");
    }

    private <T> Callable<T> announced(Callable<T> body) {
        return () -> {
            inner.complete(Coroutine.current());
            return body.call();
        };
    }

    private static String valueWhenKilled() throws Exception {
        try {
            return JUST_WAIT.call();
        } catch (InterruptedException e) {
            return "value";
        }
    }

    private static String failWhenKilled(IOException broken) throws Exception {
        try {
            return JUST_WAIT.call();
        } catch (InterruptedException e) {
            throw broken;
        }
    }
}
