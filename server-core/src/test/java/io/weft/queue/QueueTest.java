package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Put, get and peek, in their three forms, and who is served when. */
class QueueTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final Queue<String> queue = new Queue<>();
    private final Queue<String> one = new Queue<>(1);
    private final List<String> log = new ArrayList<>();

    @Test
    void itemsComeOutInTheOrderInWhichTheyWentIn() throws Exception {
        queue.put("a");
        assertThat(queue.put("b", LONG)).isTrue();
        assertThat(queue.tryPut("c")).isTrue();
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.get()).isEqualTo("a");
        assertThat(queue.get(LONG)).isEqualTo("b");
        assertThat(queue.tryGet()).isEqualTo("c");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void peekLeavesTheItem() throws Exception {
        queue.put("a");
        queue.put("b");
        assertThat(queue.peek()).isEqualTo("a");
        assertThat(queue.peek(LONG)).isEqualTo("a");
        assertThat(queue.tryPeek()).isEqualTo("a");
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void nothingWithinTheTimeIsNull() throws Exception {
        assertThat(queue.tryGet()).isNull();
        assertThat(queue.tryPeek()).isNull();
        assertThat(queue.get(Duration.ZERO)).isNull();
        assertThat(queue.get(SHORT)).isNull();
        assertThat(queue.peek(SHORT)).isNull();
        assertThat(Weft.<String>run(() -> queue.get(SHORT))).isNull();
        assertThat(Weft.<String>run(() -> queue.peek(SHORT))).isNull();
        assertThat(queue.statistics()).isEqualTo(new Queue.Statistics(0, Integer.MAX_VALUE, 0, 0));
    }

    @Test
    void noRoomWithinTheTimeIsFalse() throws Exception {
        one.put("a");
        assertThat(one.isFull()).isTrue();
        assertThat(one.tryPut("b")).isFalse();
        assertThat(one.put("b", Duration.ZERO)).isFalse();
        assertThat(one.put("b", SHORT)).isFalse();
        assertThat(Weft.<Boolean>run(() -> one.put("b", SHORT))).isFalse();
        assertThat(one.get()).isEqualTo("a");
        assertThat(one.tryGet()).isNull();
        assertThat(one.statistics()).isEqualTo(new Queue.Statistics(0, 1, 0, 0));
    }

    @Test
    void gettersAreServedInTheOrderInWhichTheyCame() throws Exception {
        Weft.run(
                () -> {
                    for (String name : List.of("A", "B", "C")) {
                        Weft.spawn(() -> log.add(name + queue.get()));
                    }
                    Weft.yieldNow();
                    assertThat(queue.statistics().getters()).isEqualTo(3);
                    queue.put("1");
                    queue.put("2");
                    queue.put("3");
                    Weft.yieldNow();
                });
        assertThat(log).containsExactly("A1", "B2", "C3");
    }

    @Test
    void puttersAreServedInTheOrderInWhichTheyCame() throws Exception {
        Weft.run(
                () -> {
                    one.put("0");
                    for (String item : List.of("1", "2", "3")) {
                        Weft.spawn(() -> put(one, item));
                    }
                    Weft.yieldNow();
                    assertThat(one.statistics().putters()).isEqualTo(3);
                    for (int i = 0; i < 4; i++) {
                        log.add("got " + one.get());
                        Weft.yieldNow();
                    }
                });
        assertThat(log)
                .containsExactly("got 0", "put 1", "got 1", "put 2", "got 2", "put 3", "got 3");
    }

    /** The item belongs to who has waited, although the newcomer asks before that one runs. */
    @Test
    void newcomerDoesNotOvertakeAGetter() throws Exception {
        Weft.run(
                () -> {
                    var waiter = Weft.spawn(() -> queue.get());
                    Weft.yieldNow();
                    queue.put("a");
                    assertThat(queue.tryGet()).isNull();
                    assertThat(waiter.get()).isEqualTo("a");
                });
    }

    @Test
    void newcomerDoesNotOvertakeAPutter() throws Exception {
        Weft.run(
                () -> {
                    one.put("a");
                    Weft.spawn(() -> put(one, "b"));
                    Weft.yieldNow();
                    assertThat(one.get()).isEqualTo("a");
                    assertThat(one.tryPut("newcomer")).isFalse();
                    assertThat(one.get()).isEqualTo("b");
                });
    }

    @Test
    void peekersAllSeeTheItemThatAGetterTakes() throws Exception {
        Weft.run(
                () -> {
                    var getter = Weft.spawn(() -> queue.get());
                    var peeker = Weft.spawn(() -> queue.peek());
                    var another = Weft.spawn(() -> queue.peek());
                    Weft.yieldNow();
                    queue.put("a");
                    assertThat(getter.get()).isEqualTo("a");
                    assertThat(peeker.get()).isEqualTo("a");
                    assertThat(another.get()).isEqualTo("a");
                    assertThat(queue.isEmpty()).isTrue();
                });
    }

    @Test
    void killedGetterTakesNothing() throws Exception {
        Weft.run(
                () -> {
                    var killed = Weft.spawn(() -> queue.get());
                    var next = Weft.spawn(() -> queue.get());
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    queue.put("a");
                    assertThat(next.get()).isEqualTo("a");
                    assertThat(queue.statistics().getters()).isZero();
                });
    }

    @Test
    void killedPutterPutsNothing() throws Exception {
        Weft.run(
                () -> {
                    one.put("a");
                    var killed = Weft.spawn(() -> put(one, "b"));
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    assertThat(one.statistics().putters()).isZero();
                    assertThat(one.get()).isEqualTo("a");
                    assertThat(one.tryGet()).isNull();
                });
    }

    @Test
    void itemOfOneThatIsServedAndKilledAtOnceIsNotLost() throws Exception {
        Weft.run(
                () -> {
                    var served =
                            Weft.spawn(
                                    () -> {
                                        log.add(queue.get());
                                        Weft.sleep(LONG); // here the kill is delivered
                                        return log.add("not killed");
                                    });
                    Weft.yieldNow();
                    served.kill();
                    queue.put("a");
                    served.join();
                    assertThat(served.state()).isEqualTo(Coroutine.State.KILLED);
                });
        assertThat(log).containsExactly("a");
    }

    @Test
    void timeoutAroundGetAndPutLeavesNothingBehind() throws Exception {
        Weft.run(
                () -> {
                    one.put("a");
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> put(one, "b")))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> queue.get()))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThat(one.statistics().putters()).isZero();
                    assertThat(queue.statistics().getters()).isZero();
                });
    }

    @Test
    void worksBetweenLoopsAndPlainThreads() throws Exception {
        try (var group = LoopGroup.create(2)) {
            var there = new Queue<Integer>(2);
            var back = new Queue<Integer>();
            var relay =
                    group.loops()
                            .get(0)
                            .spawn(
                                    () -> {
                                        for (int item : there) {
                                            back.put(item);
                                        }
                                        back.shutdown(false);
                                        return null;
                                    });
            var producer =
                    group.loops()
                            .get(1)
                            .spawn(
                                    () -> {
                                        for (int i = 0; i < 1_000; i++) {
                                            there.put(i);
                                        }
                                        there.shutdown(false);
                                        return null;
                                    });
            int expected = 0;
            for (int item : back) {
                assertThat(item).isEqualTo(expected++);
            }
            assertThat(expected).isEqualTo(1_000);
            relay.get();
            producer.get();
        }
    }

    @Test
    void getterOfAnotherLoopIsWoken() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var getter = group.next().spawn(() -> queue.get(LONG));
            Threads.awaitParked(getter);
            queue.put("a");
            assertThat(getter.get()).isEqualTo("a");
        }
    }

    @Test
    void hubMayPutButNotWait() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var hub = group.next().eventLoop();
            assertThat(hub.submit(() -> queue.tryPut("a")).get()).isTrue();
            assertThat(hub.submit(() -> queue.get()).get()).isEqualTo("a");
            assertThatThrownBy(() -> hub.submit(() -> queue.get()).get())
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would block the hub");
            assertThat(queue.statistics().getters()).isZero();
        }
    }

    @Test
    void badUseIsRefused() {
        assertThatThrownBy(() -> new Queue<>(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Channel");
        assertThatThrownBy(() -> new Queue<>(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.tryPut(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.get(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private boolean put(Queue<String> into, String item) throws InterruptedException {
        into.put(item);
        return log.add("put " + item);
    }
}
