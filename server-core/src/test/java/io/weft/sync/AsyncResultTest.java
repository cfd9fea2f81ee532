package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One outcome, for all who wait, from whoever sets it or from a coroutine. */
class AsyncResultTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final AsyncResult<String> result = new AsyncResult<>();

    @Test
    void valueIsGivenToAllWhoWaitInOrder() throws Exception {
        var log = new ArrayList<String>();
        Weft.run(
                () -> {
                    for (String name : List.of("A", "B", "C")) {
                        Weft.spawn(() -> log.add(name + " " + result.get()));
                    }
                    Weft.yieldNow();
                    assertThat(result.statistics().waiting()).isEqualTo(3);
                    assertThat(result.set("Hello!")).isTrue();
                    Weft.yieldNow();
                });
        assertThat(log).containsExactly("A Hello!", "B Hello!", "C Hello!");
    }

    @Test
    void valueIsThereForThoseWhoComeLater() throws Exception {
        result.set("a");
        assertThat(result.get()).isEqualTo("a");
        assertThat(result.get(Duration.ZERO)).isEqualTo("a");
        assertThat(result.tryGet()).isEqualTo("a");
        assertThat(result.value()).isEqualTo("a");
        assertThat(result.exception()).isNull();
        assertThat(result.isDone()).isTrue();
        assertThat(result.isSuccessful()).isTrue();
        result.await();
        assertThat(result.await(LONG)).isTrue();
    }

    @Test
    void nothingYetIsNullOrATimeout() throws Exception {
        assertThat(result.tryGet()).isNull();
        assertThat(result.isDone()).isFalse();
        assertThat(result.await(SHORT)).isFalse();
        assertThatThrownBy(() -> result.get(SHORT))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.002S");
        assertThat(result.statistics()).isEqualTo(new AsyncResult.Statistics(false, 0));
    }

    @Test
    void failureIsThrownAsTheCauseToAllWhoAsk() throws Exception {
        var failure = new IOException("broken");
        assertThat(result.setException(failure)).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(result::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(failure);
        }
        assertThatThrownBy(result::tryGet).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> result.get(LONG)).isInstanceOf(ExecutionException.class);
        assertThat(result.isDone()).isTrue();
        assertThat(result.isSuccessful()).isFalse();
        assertThat(result.exception()).isSameAs(failure);
        assertThat(result.value()).isNull();
        result.await(); // whatever the outcome
    }

    @Test
    void firstOutcomeStays() throws Exception {
        result.set("first");
        assertThat(result.set("second")).isFalse();
        assertThat(result.setException(new IOException("third"))).isFalse();
        assertThat(result.get()).isEqualTo("first");
    }

    @Test
    void valueMayBeNull() throws Exception {
        var nothing = new AsyncResult<@Nullable Void>();
        nothing.set(null);
        assertThat(nothing.get()).isNull();
        assertThat(nothing.isSuccessful()).isTrue();
    }

    @Test
    void missingFailureIsRefused() {
        assertThatThrownBy(() -> result.setException(null))
                .isInstanceOf(NullPointerException.class);
        assertThat(result.isDone()).isFalse();
    }

    @Test
    void takesTheValueOfACoroutineItIsLinkedTo() throws Exception {
        Weft.run(
                () -> {
                    Weft.spawn(() -> "value").link(result);
                    assertThat(result.get()).isEqualTo("value");
                });
    }

    @Test
    void takesTheFailureOfACoroutineItIsLinkedTo() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        Coroutine<String> failing =
                                Weft.spawn(
                                        () -> {
                                            throw new IOException("broken");
                                        });
                        failing.link(result);
                        assertThatThrownBy(result::get)
                                .isInstanceOf(ExecutionException.class)
                                .cause()
                                .isInstanceOf(IOException.class)
                                .hasMessage("broken");
                    });
        }
    }

    @Test
    void isCancelledByTheKillOfACoroutineItIsLinkedTo() throws Exception {
        Weft.run(
                () -> {
                    Coroutine<String> killed = Weft.spawn(() -> new AsyncResult<String>().get());
                    killed.link(result);
                    Weft.yieldNow();
                    killed.kill();
                    assertThatThrownBy(result::get)
                            .isInstanceOf(CancellationException.class)
                            .hasMessageContaining("was killed");
                    assertThat(result.exception()).isInstanceOf(CancellationException.class);
                });
    }

    @Test
    void linkOfOneThatHasEndedCounts() throws Exception {
        try (var group = LoopGroup.create(1)) {
            Coroutine<String> ended = group.next().spawn(() -> "value");
            ended.join();
            ended.link(result);
            assertThat(result.get()).isEqualTo("value");
        }
    }

    @Test
    void outcomeOfOneThatHasNotEndedIsRefused() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var unfinished = new Coroutine<>(group.next(), "unfinished", () -> "value");
            assertThatThrownBy(() -> result.accept(unfinished))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unfinished");
        }
    }

    @Test
    void killedWaiterLeavesNothing() throws Exception {
        Weft.run(
                () -> {
                    var killed = Weft.spawn(() -> result.get());
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    assertThat(killed.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(result.statistics().waiting()).isZero();
                });
    }

    @Test
    void isSetAcrossLoops() throws Exception {
        try (var group = LoopGroup.create(2)) {
            var getter = group.loops().get(0).spawn(() -> result.get());
            Threads.awaitParked(getter);
            group.loops().get(1).spawn(() -> result.set("Hello!"));
            assertThat(getter.get()).isEqualTo("Hello!");
            assertThat(result.get(LONG)).isEqualTo("Hello!");
        }
    }
}
