package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Coroutines that are waited for and killed together. */
class GroupTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Group group = new Group();
    private final List<String> events = new ArrayList<>();

    /** The course notes' group: bar bar foo foo, join; fizz fizz, join. */
    @Test
    void joinWaitsForAllMembers() throws Exception {
        Weft.run(
                () -> {
                    group.add(talk("bar"));
                    group.add(talk("foo"));
                    group.join();
                    group.add(talk("fizz"));
                    group.join();
                });
        assertThat(events).containsExactly("bar", "foo", "bar", "foo", "fizz", "fizz");
    }

    private Coroutine<?> talk(String word) {
        return Weft.spawn(
                () -> {
                    events.add(word);
                    Weft.yieldNow();
                    events.add(word);
                });
    }

    @Test
    void aMemberLeavesWhenItEnds() throws Exception {
        Weft.run(
                () -> {
                    var member = group.spawn(() -> "value");
                    assertThat(group.contains(member)).isTrue();
                    assertThat(group.size()).isEqualTo(1);
                    assertThat(group.members()).isEqualTo(List.of(member));
                    member.join();
                    assertThat(group.contains(member)).isFalse();
                    group.add(member); // it has ended already
                    assertThat(group.size()).isZero();
                    assertThat(group.join(Duration.ZERO)).isTrue();
                });
    }

    @Test
    void whoIsDiscardedIsNotWaitedFor() throws Exception {
        Weft.run(
                () -> {
                    var member = group.spawn(() -> Weft.sleep(FOR_EVER));
                    assertThat(group.join(SHORT)).isFalse();
                    group.discard(member);
                    group.discard(member);
                    group.join();
                    assertThat(member.isDone()).isFalse();
                    assertThatThrownBy(
                                    () -> {
                                        group.add(member);
                                        group.add(member);
                                    })
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("already");
                    assertThat(group.size()).isEqualTo(1);
                });
    }

    @Test
    void joinThrowsTheFirstFailureIfAsked() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        group.spawn(() -> Weft.yieldNow());
                        group.spawn(() -> fail("one"));
                        group.spawn(() -> fail("two"));
                        assertThatThrownBy(() -> group.joinOrThrow(null))
                                .isInstanceOf(ExecutionException.class)
                                .hasRootCauseMessage("one");
                        group.spawn(() -> fail("three"));
                        group.join();
                        assertThat(group.joinOrThrow(SHORT)).isTrue();
                    });
        }
    }

    @Test
    void killEndsAllMembers() throws Exception {
        Weft.run(
                () -> {
                    var running = group.spawn(() -> Weft.sleep(FOR_EVER));
                    Weft.yieldNow();
                    var unstarted = group.spawn(() -> events.add("never"));
                    assertThat(group.kill(LONG)).isTrue();
                    assertThat(running.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(unstarted.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(group.kill(Duration.ZERO)).isTrue();
                    assertThat(group.spawn(() -> "alive").get()).isEqualTo("alive");
                });
        assertThat(events).isEmpty();
    }

    @Test
    void killEndsThoseWhoArriveMeanwhile() throws Exception {
        Weft.run(
                () -> {
                    group.spawn(
                            () -> {
                                try {
                                    Weft.sleep(FOR_EVER);
                                } finally {
                                    group.spawn(() -> events.add("never"));
                                    group.add(Weft.spawn(() -> Weft.sleep(FOR_EVER)));
                                }
                            });
                    Weft.yieldNow();
                    assertThat(group.kill(LONG)).isTrue();
                    assertThat(group.size()).isZero();
                });
        assertThat(events).isEmpty();
    }

    @Test
    void killSaysWhenTheTimeWasOverFirst() throws Exception {
        Weft.run(
                () -> {
                    var release = new CountDownLatch(1);
                    group.spawn(
                            () -> {
                                try {
                                    Weft.sleep(FOR_EVER);
                                } finally {
                                    release.await();
                                }
                            });
                    Weft.yieldNow();
                    assertThat(group.kill(SHORT)).isFalse();
                    release.countDown();
                    group.join();
                });
    }

    /** The size is that of the group while the items run: three at once. */
    @Test
    void mapRunsAllAtOnceAndKeepsTheOrder() throws Exception {
        Weft.run(
                () -> {
                    var sizes =
                            group.map(
                                    range(3),
                                    i -> {
                                        giveWay(10 - 2 * i);
                                        events.add("ended " + i);
                                        return i + " of " + group.members().size();
                                    });
                    assertThat(sizes).containsExactly("0 of 1", "1 of 2", "2 of 3");
                });
        assertThat(events).containsExactly("ended 2", "ended 1", "ended 0");
    }

    @Test
    void imapGivesTheResultsInOrder() throws Exception {
        Weft.run(
                () -> {
                    for (int i : group.imap(range(3), i -> slower(i))) {
                        events.add("" + i);
                    }
                    for (int i : group.imapUnordered(range(3), i -> slower(i))) {
                        events.add("" + i);
                    }
                });
        assertThat(events).containsExactly("0", "1", "2", "2", "1", "0");
    }

    private static int slower(int i) throws InterruptedException {
        giveWay(10 - 2 * i);
        return i;
    }

    private static void giveWay(int rounds) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            Weft.yieldNow();
        }
    }

    @Test
    void mapThrowsTheFirstFailureInTheOrderOfTheItems() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () ->
                            assertThatThrownBy(() -> group.map(range(5), i -> failAt(i, 3)))
                                    .isInstanceOf(ExecutionException.class)
                                    .hasRootCauseMessage("item 3"));
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void aKilledMapSaysSo() throws Exception {
        Weft.run(
                () -> {
                    var map =
                            Weft.spawn(
                                    () -> Outcome.of(() -> group.map(range(5), GroupTest::sleep)));
                    while (group.size() < 5) {
                        Weft.yieldNow();
                    }
                    assertThat(group.kill(LONG)).isTrue();
                    assertThatThrownBy(() -> map.get().get())
                            .isInstanceOf(CancellationException.class);
                });
    }

    @Test
    void killEndsAMapThatIsStillFed() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(2);
                    var results = pool.imapUnordered(range(1_000), GroupTest::sleep);
                    while (!pool.isFull()) {
                        Weft.yieldNow();
                    }
                    assertThat(pool.kill(LONG)).isTrue();
                    int killed = 0;
                    while (results.hasNext()) {
                        assertThatThrownBy(results::next).isInstanceOf(CancellationException.class);
                        killed++;
                    }
                    assertThat(killed).isBetween(3, 4); // two that ran, the map itself, one late
                    assertThat(pool.freeCount()).isEqualTo(2);
                });
    }

    @Test
    void worksFromAPlainThread() throws Exception {
        assertThat(group.map(range(10), i -> i * i)).hasSize(10).isSorted();
        assertThat(group.apply(() -> "value")).isEqualTo("value");
    }

    /** As a pool of processes: the items are spread over all loops, the results are in order. */
    @Test
    void overALoopGroupItUsesAllLoops() throws Exception {
        try (var loops = LoopGroup.create(3)) {
            var all = Group.over(loops);
            assertThat(all.map(range(9), i -> Loop.current().group() == loops ? i : -1))
                    .isEqualTo(range(9));
            assertThat(all.map(range(9), i -> Loop.current()))
                    .isSubsetOf(loops.loops())
                    .containsAll(loops.loops());
            var few = Pool.over(loops, 2);
            assertThat(few.map(range(100), i -> i)).isEqualTo(range(100));
            assertThat(loops.next().call(() -> few.map(range(100), i -> i))).isEqualTo(range(100));
        }
    }

    @Test
    void statisticsTellHowManyWait() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    pool.spawn(() -> Weft.sleep(FOR_EVER));
                    Weft.spawn(() -> pool.spawn(() -> ""));
                    Weft.spawn(() -> pool.join());
                    Weft.yieldNow();
                    assertThat(pool.statistics()).isEqualTo(new Group.Statistics(1, 1, 1, 1));
                    assertThat(group.statistics())
                            .isEqualTo(new Group.Statistics(0, Integer.MAX_VALUE, 0, 0));
                });
    }

    private static int sleep(int item) throws InterruptedException {
        Weft.sleep(FOR_EVER);
        return item;
    }

    private static int failAt(int item, int bad) throws IOException {
        return item == bad ? fail("item " + item) : item;
    }

    static int fail(String message) throws IOException {
        throw new IOException(message);
    }

    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** Whoever comes when the last has gone may stay for ever. */
    @Test
    void killDoesNotWaitForWhoComesAfterIt() throws Exception {
        Weft.run(
                () -> {
                    var group = new Group();
                    group.add(
                            new Coroutine<Void>() {
                                @Override
                                protected Void run() {
                                    return null;
                                }

                                @Override
                                public void kill() {
                                    super.kill(); // it has not begun, so this is its end
                                    try {
                                        group.spawn(() -> Weft.sleep(Duration.ofDays(1)));
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                }
                            });
                    assertThat(group.kill(Duration.ofSeconds(30))).isTrue();
                    assertThat(group.size()).isOne();
                });
    }

    /** As gevent's killall with a timeout would wait for in vain. */
    @Test
    void killIsRepeatedForWhoTakesItForSomethingElse() throws Exception {
        Weft.run(
                () -> {
                    var swallowed = new AtomicInteger();
                    group.spawn(
                            () -> {
                                while (swallowed.get() < 2) {
                                    try {
                                        Weft.sleep(FOR_EVER);
                                    } catch (InterruptedException e) {
                                        swallowed.incrementAndGet();
                                    }
                                }
                            });
                    Weft.yieldNow();
                    assertThat(group.kill(LONG)).isTrue();
                    assertThat(swallowed).hasValue(2);
                });
    }
}
