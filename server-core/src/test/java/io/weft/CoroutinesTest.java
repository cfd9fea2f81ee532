package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Several coroutines at once: waiting for them, taking their values, killing them. */
class CoroutinesTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void joinAllReturnsThemInTheOrderOfTheirEnds() throws Exception {
        loop.call(
                () -> {
                    var slow = after(3, "slow");
                    var quick = after(1, "quick");
                    var middle = after(2, "middle");
                    assertThat(Coroutines.joinAll(List.of(slow, quick, middle)))
                            .containsExactly(quick, middle, slow);
                    return null;
                });
    }

    @Test
    void thoseThatHadEndedBeforeComeFirst() throws Exception {
        loop.call(
                () -> {
                    var go = new CountDownLatch(1);
                    var running = Weft.spawn(() -> go.await());
                    var earlier = Weft.spawn(() -> "earlier");
                    var before = Weft.spawn(() -> "before");
                    earlier.join();
                    before.join();
                    Weft.spawn(() -> go.countDown()); // once joinAll waits
                    assertThat(Coroutines.joinAll(List.of(running, before, earlier)))
                            .isEqualTo(List.of(before, earlier, running));
                    return null;
                });
    }

    @Test
    void joinAllWithinATimeReturnsThoseThatHaveEnded() throws Exception {
        loop.call(
                () -> {
                    var never = Weft.spawn(() -> Block.SLEEP.call());
                    var ends = Weft.spawn(() -> "value");
                    ends.join();
                    assertThat(Coroutines.joinAll(List.of(never, ends), SHORT))
                            .isEqualTo(List.of(ends));
                    return null;
                });
    }

    @Test
    void joinAllUntilACountHasEnded() throws Exception {
        loop.call(
                () -> {
                    var never = Weft.spawn(() -> Block.SLEEP.call());
                    var first = after(1, "first");
                    var second = after(2, "second");
                    assertThat(Coroutines.joinAll(List.of(never, second, first), null, 2))
                            .isEqualTo(List.of(first, second));
                    assertThat(Coroutines.joinAll(List.of(never), null, 0)).isEmpty();
                    return null;
                });
    }

    @Test
    void joinAllOfNoneIsDone() throws Exception {
        assertThat(Coroutines.joinAll(List.of())).isEmpty();
        assertThat(Coroutines.getAll(List.<Coroutine<String>>of())).isEmpty();
    }

    @Test
    void joinAllDoesNotMindFailuresUnlessAsked() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            var never = loop.spawn(() -> Block.SLEEP.call());
            var fails = loop.spawn(() -> fail("broken"));
            assertThat(Coroutines.joinAll(List.of(fails))).containsExactly(fails);
            assertThatThrownBy(() -> Coroutines.joinAllOrThrow(List.of(never, fails)))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("broken");
            assertThat(never.isDone()).isFalse();
        }
    }

    @Test
    void joinAllOrThrowReturnsTheKilledToo() throws Exception {
        var killed = loop.spawn(() -> Block.SLEEP.call());
        var fine = loop.spawn(() -> "value");
        fine.join();
        killed.kill();
        assertThat(Coroutines.joinAllOrThrow(List.of(killed, fine)))
                .containsExactlyInAnyOrder(fine, killed);
    }

    @Test
    void getAllGivesTheValuesInTheOrderOfTheCoroutines() throws Exception {
        List<String> values =
                loop.call(
                        () -> {
                            var jobs = List.of(after(3, "a"), after(1, "b"), after(2, "c"));
                            return Coroutines.getAll(jobs);
                        });
        assertThat(values).containsExactly("a", "b", "c");
    }

    @Test
    void getAllThrowsTheFirstFailureAtOnce() {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            var never = loop.spawn(() -> Block.SLEEP.call());
            var fails = loop.spawn(() -> fail("broken"));
            assertThatThrownBy(() -> Coroutines.getAll(List.of(never, fails)))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("broken");
        }
    }

    @Test
    void getAllHasNoValueForAKilledOne() {
        var killed = loop.spawn(() -> Block.SLEEP.call());
        killed.kill();
        assertThatThrownBy(() -> Coroutines.getAll(List.of(killed)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void getAllSaysHowManyWereInTime() {
        var never = loop.spawn(() -> Block.SLEEP.call());
        assertThatThrownBy(() -> Coroutines.getAll(List.of(never), SHORT))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("only 0 of 1 coroutines have ended within PT0.005S");
    }

    @Test
    void joinAnyReturnsTheFirst() throws Exception {
        loop.call(
                () -> {
                    var never = Weft.spawn(() -> Block.SLEEP.call());
                    var quick = after(1, "quick");
                    assertThat(Coroutines.joinAny(List.of(never, quick))).isSameAs(quick);
                    assertThat(Coroutines.joinAny(List.of(never, quick), LONG).get())
                            .isEqualTo("quick");
                    assertThatThrownBy(() -> Coroutines.joinAny(List.of(never), SHORT))
                            .isInstanceOf(TimeoutException.class);
                    return null;
                });
        assertThatThrownBy(() -> Coroutines.joinAny(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void worksAcrossLoopsAndFromAPlainThread() throws Exception {
        var jobs = new ArrayList<Coroutine<Integer>>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            jobs.add(group.spawn(() -> yieldAFewTimes(number)));
        }
        assertThat(Coroutines.joinAll(jobs)).hasSize(200).doesNotHaveDuplicates();
        assertThat(Coroutines.getAll(jobs)).hasSize(200).isSorted();
    }

    @Test
    void asCompletedGivesEachAsSoonAsItEnds() throws Exception {
        loop.call(
                () -> {
                    var events = new ArrayList<String>();
                    var go = new CountDownLatch(1);
                    var last =
                            Weft.spawn(
                                    () -> {
                                        go.await();
                                        return "last";
                                    });
                    var first = Weft.spawn(() -> "first");
                    for (var ended : Coroutines.asCompleted(List.of(last, first))) {
                        events.add(ended.get());
                        go.countDown();
                    }
                    assertThat(events).containsExactly("first", "last");
                    return null;
                });
    }

    @Test
    void asCompletedEndsWithTheTimeOrTheCount() throws Exception {
        loop.call(
                () -> {
                    var never = Weft.spawn(() -> Block.SLEEP.call());
                    var one = Weft.spawn(() -> "one");
                    var two = Weft.spawn(() -> "two");
                    Coroutines.joinAll(List.of(one, two));
                    var all = List.of(never, one, two);
                    var inTime = new ArrayList<Object>();
                    Coroutines.asCompleted(all, SHORT, 9).forEach(inTime::add);
                    assertThat(inTime).containsExactly(one, two);
                    var counted = new ArrayList<Object>();
                    Coroutines.asCompleted(all, null, 1).forEach(counted::add);
                    assertThat(counted).containsExactly(one);
                    return null;
                });
    }

    @Test
    void asCompletedThatIsLeftEarlyLeavesNothingBehind() throws Exception {
        loop.call(
                () -> {
                    var never = Weft.spawn(() -> Block.SLEEP.call());
                    var one = Weft.spawn(() -> "one");
                    var completions = Coroutines.asCompleted(List.of(never, one));
                    assertThat(completions.next()).isSameAs(one);
                    completions.close();
                    never.kill();
                    never.join();
                    try (var again = Coroutines.asCompleted(List.of(never))) {
                        assertThat(again.next()).isSameAs(never);
                        assertThat(again.next()).isNull();
                    }
                    return null;
                });
    }

    @Test
    void whoIsKilledWhileIteratingIsToldSo() throws Exception {
        var never = loop.spawn(() -> Block.SLEEP.call());
        var iterates =
                loop.spawn(() -> Coroutines.asCompleted(List.of(never)).iterator().hasNext());
        loop.call(() -> null);
        iterates.kill();
        iterates.join();
        assertThat(iterates.state()).isEqualTo(Coroutine.State.KILLED);
        assertThat(iterates.exception()).isInstanceOf(CancellationException.class);
        assertThat(never.isDone()).isFalse();
    }

    @Test
    void killAllDoesNotWait() throws Exception {
        loop.call(
                () -> {
                    var jobs = sleepers();
                    Coroutines.killAll(jobs);
                    assertThat(jobs).noneMatch(Coroutine::isDone);
                    assertThat(Coroutines.joinAll(jobs)).hasSize(3);
                    assertThat(jobs).allMatch(job -> job.state() == Coroutine.State.KILLED);
                    return null;
                });
    }

    @Test
    void killAllWithATimeWaits() throws Exception {
        loop.call(
                () -> {
                    var jobs = sleepers();
                    assertThat(Coroutines.killAll(jobs, LONG)).isTrue();
                    assertThat(jobs).allMatch(job -> job.state() == Coroutine.State.KILLED);
                    assertThat(Coroutines.killAll(jobs, Duration.ZERO)).isTrue();
                    return null;
                });
    }

    @Test
    void killAllSaysWhenTheTimeWasOverFirst() throws Exception {
        loop.call(
                () -> {
                    var release = new CountDownLatch(1);
                    var stubborn =
                            Weft.spawn(
                                    () -> {
                                        try {
                                            Block.SLEEP.run();
                                        } finally {
                                            release.await();
                                        }
                                    });
                    Weft.yieldNow();
                    assertThat(Coroutines.killAll(List.of(stubborn), SHORT)).isFalse();
                    release.countDown();
                    assertThat(Coroutines.killAll(List.of(stubborn), LONG)).isTrue();
                    return null;
                });
    }

    @Test
    void refusesBadNumbers() {
        var job = loop.spawn(() -> Block.SLEEP.call());
        assertThatThrownBy(() -> Coroutines.asCompleted(List.of(job), null, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Coroutines.killAll(List.of(job), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(job.isDone()).isFalse();
    }

    private static List<Coroutine<Void>> sleepers() throws Exception {
        var sleepers = new ArrayList<Coroutine<Void>>();
        for (int i = 0; i < 3; i++) {
            sleepers.add(Weft.spawn(() -> Block.SLEEP.call()));
        }
        Weft.yieldNow();
        return sleepers;
    }

    /** Ends after so many rounds of the ready queue. */
    private static Coroutine<String> after(int rounds, String value) {
        return Weft.spawn(
                () -> {
                    for (int i = 0; i < rounds; i++) {
                        Weft.yieldNow();
                    }
                    return value;
                });
    }

    private static int yieldAFewTimes(int number) throws InterruptedException {
        for (int i = 0; i < number % 7; i++) {
            Weft.yieldNow();
        }
        return number;
    }

    private static Object fail(String message) throws IOException {
        throw new IOException(message);
    }
}
