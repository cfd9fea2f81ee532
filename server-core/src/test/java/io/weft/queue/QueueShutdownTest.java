package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** The end of a queue, and iteration until then. */
class QueueShutdownTest {
    private final Queue<String> queue = new Queue<>(2);

    @Test
    void nothingCanBePutAfterwards() {
        queue.shutdown(false);
        assertThat(queue.isShutDown()).isTrue();
        assertThatThrownBy(() -> queue.put("a"))
                .isInstanceOf(QueueShutDownException.class)
                .hasMessageContaining("takes no more items");
        assertThatThrownBy(() -> queue.put("a", Duration.ofDays(1)))
                .isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(() -> queue.tryPut("a")).isInstanceOf(QueueShutDownException.class);
    }

    @Test
    void whatIsInItCanStillBeGot() throws Exception {
        queue.put("a");
        queue.put("b");
        queue.shutdown(false);
        assertThat(queue.peek()).isEqualTo("a");
        assertThat(queue.get()).isEqualTo("a");
        assertThat(queue.tryGet()).isEqualTo("b");
        assertEmptyForEver();
    }

    @Test
    void immediateOneThrowsAwayWhatIsInIt() throws Exception {
        queue.put("a");
        queue.shutdown(true);
        assertThat(queue.isEmpty()).isTrue();
        assertEmptyForEver();
    }

    @Test
    void immediateOneMayFollowALenientOne() throws Exception {
        queue.put("a");
        queue.shutdown(false);
        queue.shutdown(false);
        assertThat(queue.size()).isEqualTo(1);
        queue.shutdown(true);
        assertEmptyForEver();
    }

    private void assertEmptyForEver() {
        assertThatThrownBy(queue::get)
                .isInstanceOf(QueueShutDownException.class)
                .hasMessageContaining("has no more items");
        assertThatThrownBy(() -> queue.get(Duration.ofDays(1)))
                .isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(queue::tryGet).isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(queue::peek).isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(queue::tryPeek).isInstanceOf(QueueShutDownException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsIsRefused(boolean immediate) throws Exception {
        Weft.run(
                () -> {
                    var empty = new Queue<String>();
                    List<Coroutine<String>> waiters =
                            List.of(
                                    Weft.spawn(() -> caught(empty::get)),
                                    Weft.spawn(() -> caught(empty::peek)),
                                    Weft.spawn(() -> caught(() -> empty.get(Duration.ofDays(1)))));
                    queue.put("a");
                    queue.put("b");
                    var putter = Weft.spawn(() -> caught(() -> queue.put("c", Duration.ofDays(1))));
                    Weft.yieldNow();
                    empty.shutdown(immediate);
                    queue.shutdown(immediate);
                    for (var waiter : waiters) {
                        assertThat(waiter.get()).isEqualTo("refused");
                    }
                    assertThat(putter.get()).isEqualTo("refused");
                    assertThat(queue.size()).isEqualTo(immediate ? 0 : 2);
                });
    }

    private static String caught(Callable<?> call) throws Exception {
        try {
            return "returned " + call.call();
        } catch (QueueShutDownException e) {
            return "refused";
        }
    }

    @Test
    void iterationWaitsForItemsUntilTheEnd() throws Exception {
        var items = new ArrayList<String>();
        Weft.run(
                () -> {
                    var reader =
                            Weft.spawn(
                                    () -> {
                                        for (String item : queue) {
                                            items.add(item);
                                        }
                                    });
                    for (int i = 0; i < 5; i++) {
                        queue.put("item " + i);
                    }
                    queue.shutdown(false);
                    reader.get();
                });
        assertThat(items).containsExactly("item 0", "item 1", "item 2", "item 3", "item 4");
    }

    @Test
    void iteratorHasNoMoreAfterTheEnd() throws Exception {
        queue.put("a");
        queue.shutdown(false);
        var items = queue.iterator();
        assertThat(items.hasNext()).isTrue();
        assertThat(items.hasNext()).isTrue();
        assertThat(items.next()).isEqualTo("a");
        assertThat(items.hasNext()).isFalse();
        assertThatThrownBy(items::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void killEndsAnIteration() throws Exception {
        Weft.run(
                () -> {
                    var reader = Weft.spawn(() -> queue.iterator().hasNext());
                    Weft.yieldNow();
                    reader.kill();
                    assertThatThrownBy(reader::get).isInstanceOf(CancellationException.class);
                    assertThat(reader.state()).isEqualTo(Coroutine.State.KILLED);
                });
    }

    @Test
    void timeoutEndsAnIterationAndIsKnownAsItsOwn() throws Exception {
        Weft.run(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(2),
                                                        () -> queue.iterator().hasNext()))
                                .isInstanceOf(Timeout.Expired.class));
    }

    @Test
    void failureOfAReaderIsItsOwn() throws Exception {
        Weft.run(
                () -> {
                    queue.shutdown(false);
                    try (var _ = LogRecorder.of(Coroutine.class)) {
                        var reader = Weft.spawn(() -> queue.get());
                        assertThatThrownBy(reader::get)
                                .isInstanceOf(ExecutionException.class)
                                .hasCauseInstanceOf(QueueShutDownException.class);
                    }
                });
    }
}
