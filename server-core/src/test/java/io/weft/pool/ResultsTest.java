package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.Weft;
import io.weft.sync.Event;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Iterating over the results of a map: failures, limits, early ends. */
class ResultsTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final List<Object> events = new ArrayList<>();

    @Test
    void aFailingItemThrowsAndIterationGoesOn() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        var results = new Pool(2).imap(GroupTest.range(4), i -> failAt(i, 1));
                        while (results.hasNext()) {
                            try {
                                events.add(results.next());
                            } catch (ExecutionException e) {
                                events.add(e.getCause().getMessage());
                            }
                        }
                        assertThatThrownBy(results::next)
                                .isInstanceOf(NoSuchElementException.class);
                    });
            assertThat(log.messages()).isEmpty();
        }
        assertThat(events).containsExactly(0, "item 1", 2, 3);
    }

    @Test
    void theIteratorGoesOnTooWithAnUncheckedException() throws Exception {
        Weft.run(
                () -> {
                    var iterator =
                            new Pool(2)
                                    .imapUnordered(GroupTest.range(3), i -> failAt(i, 0))
                                    .iterator();
                    assertThatThrownBy(iterator::next)
                            .isInstanceOf(CompletionException.class)
                            .hasCauseInstanceOf(IOException.class);
                    assertThat(iterator.next()).isEqualTo(1);
                    assertThat(iterator.next()).isEqualTo(2);
                    assertThat(iterator.hasNext()).isFalse();
                });
    }

    @Test
    void itemsRunAheadOfTheConsumerOnlySoFar() throws Exception {
        for (boolean ordered : new boolean[] {true, false}) {
            events.clear();
            Weft.run(
                    () -> {
                        var pool = new Pool(10);
                        Mapper<Integer, Integer> note =
                                i -> {
                                    events.add(i);
                                    return i;
                                };
                        var items = GroupTest.range(100);
                        try (var results =
                                ordered
                                        ? pool.imap(items, note, 3)
                                        : pool.imapUnordered(items, note, 3)) {
                            for (int taken = 0; taken < 20; taken++) {
                                for (int i = 0; i < 20; i++) {
                                    Weft.yieldNow();
                                }
                                assertThat(events).hasSize(taken + 3);
                                assertThat(results.next()).isEqualTo(taken);
                            }
                        }
                    });
        }
    }

    @Test
    void theItemsAreTakenOneByOneAsPlacesGetFree() throws Exception {
        Weft.run(
                () -> {
                    Iterable<Integer> items = () -> Stream.iterate(0, i -> i + 1).iterator();
                    try (var results = new Pool(2).imap(items, i -> i, 5)) {
                        for (int i = 0; i < 100; i++) {
                            assertThat(results.next()).isEqualTo(i);
                        }
                    }
                });
    }

    @Test
    void closeStartsNoMoreItems() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var results =
                            pool.imap(
                                    GroupTest.range(10),
                                    i -> {
                                        Weft.sleep(Duration.ofMillis(1));
                                        events.add(i);
                                        return i;
                                    });
                    assertThat(results.next()).isZero();
                    results.close();
                    pool.join();
                    int begun = events.size();
                    assertThat(begun).isLessThan(10);
                    int more = 0;
                    for (; results.hasNext(); more++) {
                        results.next();
                    }
                    assertThat(more).isLessThan(begun);
                    assertThat(pool.freeCount()).isEqualTo(1);
                });
    }

    @Test
    void itemsThatCannotBeHadAreToldLast() throws Exception {
        Weft.run(
                () -> {
                    Iterable<Integer> broken = () -> new Broken();
                    var results = new Group().imap(broken, i -> i);
                    assertThat(results.next()).isEqualTo(1);
                    assertThatThrownBy(results::next)
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("no second one");
                    assertThat(results.hasNext()).isFalse();
                });
    }

    private static final class Broken implements Iterator<Integer> {
        private boolean first = true;

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Integer next() {
            if (!first) {
                throw new IllegalStateException("no second one");
            }
            first = false;
            return 1;
        }
    }

    @Test
    void whoIsKilledWhileIteratingIsToldSo() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var results =
                            pool.imap(
                                    GroupTest.range(1),
                                    i -> {
                                        Weft.sleep(Duration.ofDays(1));
                                        return i;
                                    });
                    var consumer = Weft.spawn(() -> results.iterator().hasNext());
                    for (int i = 0; i < 5; i++) {
                        Weft.yieldNow();
                    }
                    consumer.kill();
                    consumer.join();
                    assertThat(consumer.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(consumer.exception()).isInstanceOf(CancellationException.class);
                    pool.kill();
                });
    }

    @Test
    void nextWithinATimeGivesUpAndTheResultCanStillBeHad() throws Exception {
        Weft.run(
                () -> {
                    for (boolean ordered : new boolean[] {true, false}) {
                        var release = new Event();
                        Mapper<Integer, Integer> wait =
                                i -> {
                                    release.await();
                                    return i;
                                };
                        var pool = new Pool(1);
                        var results =
                                ordered
                                        ? pool.imap(GroupTest.range(2), wait)
                                        : pool.imapUnordered(GroupTest.range(2), wait);
                        assertThatThrownBy(() -> results.next(SHORT))
                                .isInstanceOf(TimeoutException.class)
                                .hasMessage("no result has come within " + SHORT);
                        assertThatThrownBy(() -> results.hasNext(SHORT))
                                .isInstanceOf(TimeoutException.class);
                        assertThat(results.tryNext()).isNull();
                        assertThat(Loop.current().timerCount()).isZero();
                        release.set();
                        assertThat(results.hasNext(LONG)).isTrue();
                        assertThat(results.next(Duration.ZERO)).isZero();
                        assertThat(results.next(LONG)).isOne();
                        assertThat(results.hasNext(LONG)).isFalse();
                        assertThatThrownBy(() -> results.next(LONG))
                                .isInstanceOf(NoSuchElementException.class);
                        assertThatThrownBy(results::tryNext)
                                .isInstanceOf(NoSuchElementException.class);
                    }
                });
    }

    @Test
    void tryNextTakesWhatIsThere() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        var pool = new Pool(3);
                        var results = pool.imap(GroupTest.range(3), i -> failAt(i, 1));
                        assertThat(results.tryNext()).isNull(); // nothing has run yet
                        pool.spawn(() -> "").join();
                        while (pool.size() > 0) {
                            Weft.yieldNow();
                        }
                        assertThat(results.tryNext()).isZero();
                        assertThatThrownBy(results::tryNext)
                                .isInstanceOf(ExecutionException.class)
                                .hasRootCauseMessage("item 1");
                        assertThat(results.hasNext()).isTrue();
                        assertThat(results.tryNext()).isEqualTo(2);
                        assertThatThrownBy(results::tryNext)
                                .isInstanceOf(NoSuchElementException.class);
                    });
        }
    }

    @Test
    void failureWithinTheTimeIsThrown() throws Exception {
        Weft.run(
                () -> {
                    var results = new Pool(1).imap(GroupTest.range(2), i -> failAt(i, 0));
                    assertThatThrownBy(() -> results.next(LONG))
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("item 0");
                    assertThat(results.next(LONG)).isOne();
                });
    }

    @Test
    void nullIsAResultToo() throws Exception {
        Weft.run(() -> assertThat(new Pool(2).map(GroupTest.range(2), i -> null)).hasSize(2));
    }

    @Test
    void refusesToBufferNothing() {
        assertThatThrownBy(() -> new Pool(1).imap(List.of(1), i -> i, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxBuffered was 0");
    }

    private static int failAt(int item, int bad) throws IOException {
        if (item == bad) {
            throw new IOException("item " + item);
        }
        return item;
    }
}
