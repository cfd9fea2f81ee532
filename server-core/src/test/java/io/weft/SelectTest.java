package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.queue.Channel;
import io.weft.queue.Queue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One wait for several sources: whichever is ready first ends it, and loses nothing by it. */
class SelectTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.next();
    private final Queue<String> left = new Queue<>();
    private final Queue<String> right = new Queue<>();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void whatIsReadyIsReturnedAtOnceInTheOrderGiven() throws Exception {
        loop.call(
                () -> {
                    left.put("a");
                    right.put("b");
                    assertThat(Select.any(List.of(right, left))).containsExactly(right, left);
                    assertThat(Select.tryAny(List.of(left, right))).containsExactly(left, right);
                    assertThat(left.size()).isEqualTo(1);
                    return null;
                });
    }

    @Test
    void waitsForTheFirst() throws Exception {
        loop.call(
                () -> {
                    var selects = Weft.spawn(() -> Select.any(List.of(left, right)));
                    Weft.yieldNow();
                    assertThat(selects.isDone()).isFalse();
                    right.put("b");
                    assertThat(selects.get()).isEqualTo(List.of(right));
                    assertThat(right.tryGet()).isEqualTo("b");
                    return null;
                });
    }

    @Test
    void aCoroutineIsReadyWhenItHasEnded() throws Exception {
        loop.call(
                () -> {
                    var ends = Weft.spawn(() -> Weft.sleep(SHORT));
                    assertThat(Select.any(List.of(left, ends))).isEqualTo(List.of(ends));
                    return null;
                });
    }

    @Test
    void oneTimeLimitGoesForAll() throws Exception {
        loop.call(
                () -> {
                    assertThat(Select.any(List.of(left, right), SHORT)).isEmpty();
                    assertThat(Select.any(List.of(left, right), Duration.ZERO)).isEmpty();
                    assertThat(Select.any(List.<Queue<String>>of(), SHORT)).isEmpty();
                    assertThat(Select.tryAny(List.of(left, right))).isEmpty();
                    return null;
                });
    }

    @Test
    void takesNothingFromThoseWhoWaitAtTheQueue() throws Exception {
        loop.call(
                () -> {
                    var selects = Weft.spawn(() -> Select.any(List.of(left)));
                    Weft.yieldNow();
                    var getter = Weft.spawn(() -> left.get());
                    Weft.yieldNow();
                    left.put("for the getter");
                    assertThat(getter.get()).isEqualTo("for the getter");
                    Weft.yieldNow();
                    assertThat(selects.isDone()).isFalse();
                    left.put("for all to see");
                    assertThat(selects.get()).isEqualTo(List.of(left));
                    return null;
                });
    }

    @Test
    void allWhoSelectHearOfOneItem() throws Exception {
        loop.call(
                () -> {
                    var selects = new ArrayList<Coroutine<List<Queue<String>>>>();
                    for (int i = 0; i < 5; i++) {
                        selects.add(Weft.spawn(() -> Select.any(List.of(left, right))));
                    }
                    Weft.yieldNow();
                    left.put("item");
                    assertThat(Coroutines.joinAll(selects)).isEqualTo(selects);
                    return null;
                });
    }

    @Test
    void aPutterMakesAChannelReady() throws Exception {
        loop.call(
                () -> {
                    var channel = new Channel<String>();
                    var selects = Weft.spawn(() -> Select.any(List.of(left, channel)));
                    Weft.yieldNow();
                    var putter = Weft.spawn(() -> channel.put("item"));
                    assertThat(selects.get()).isEqualTo(List.of(channel));
                    assertThat(channel.tryGet()).isEqualTo("item");
                    putter.join();
                    return null;
                });
    }

    @Test
    void aQueueThatIsShutDownIsReady() throws Exception {
        loop.call(
                () -> {
                    var selects = Weft.spawn(() -> Select.any(List.of(left, right)));
                    Weft.yieldNow();
                    left.shutdown(false);
                    assertThat(selects.get()).isEqualTo(List.of(left));
                    assertThat(Select.tryAny(List.of(left))).containsExactly(left);
                    return null;
                });
    }

    @Test
    void whoIsKilledLeavesNothingBehind() throws Exception {
        loop.call(
                () -> {
                    var told = new Source();
                    var selects = Weft.spawn(() -> Select.any(List.of(told)));
                    Weft.yieldNow();
                    assertThat(told.watching).hasSize(1);
                    selects.kill();
                    selects.join();
                    assertThat(selects.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(told.watching).isEmpty();
                    assertThat(Select.any(List.of(told), SHORT)).isEmpty();
                    assertThat(told.watching).isEmpty();
                    assertThat(Select.tryAny(List.of(told))).isEmpty();
                    assertThat(told.watching).isEmpty();
                    return null;
                });
    }

    private static final class Source implements Selectable {
        final List<Runnable> watching = new ArrayList<>();

        @Override
        public void watch(Runnable told) {
            watching.add(told);
        }

        @Override
        public void unwatch(Runnable told) {
            watching.remove(told);
        }
    }

    @Test
    void ofNothingWouldWaitForEver() {
        assertThatThrownBy(() -> Select.any(List.<Selectable>of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Two loops and a plain thread put, one selects and gets: it sees every item, in order. */
    @Test
    void nothingIsMissedAcrossLoops() throws Exception {
        int items = 2_000;
        var selector =
                loop.spawn(
                        () -> {
                            var got = List.of(new ArrayList<Integer>(), new ArrayList<Integer>());
                            var queues = List.of(new Queue<Integer>(4), new Queue<Integer>());
                            var one =
                                    group.loops().get(0).spawn(() -> putAll(queues.get(0), items));
                            var two =
                                    group.loops().get(1).spawn(() -> putAll(queues.get(1), items));
                            while (got.get(0).size() + got.get(1).size() < 2 * items) {
                                var ready = Select.any(queues, LONG);
                                assertThat(ready).isNotEmpty();
                                for (var queue : ready) {
                                    Integer item = queue.tryGet();
                                    if (item != null) {
                                        got.get(queues.indexOf(queue)).add(item);
                                    }
                                }
                            }
                            one.join();
                            two.join();
                            return got;
                        });
        for (var got : selector.get()) {
            assertThat(got).hasSize(items).isSorted();
        }
    }

    private static Void putAll(Queue<Integer> queue, int items) throws InterruptedException {
        for (int i = 0; i < items; i++) {
            queue.put(i);
            if (i % 3 == 0) {
                Weft.yieldNow();
            }
        }
        return null;
    }
}
