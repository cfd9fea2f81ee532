package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A channel is a meeting: nobody puts or gets alone. */
class ChannelTest {
    private final Channel<String> channel = new Channel<>();
    private final List<String> log = new ArrayList<>();

    @Test
    void isAlwaysEmptyAndFull() {
        assertThat(channel.capacity()).isZero();
        assertThat(channel.isEmpty()).isTrue();
        assertThat(channel.isFull()).isTrue();
        assertThat(channel.size()).isZero();
    }

    @Test
    void putWaitsForTheGetter() throws Exception {
        Weft.run(
                () -> {
                    var putter =
                            Weft.spawn(
                                    () -> {
                                        channel.put("a");
                                        log.add("put");
                                    });
                    Weft.yieldNow();
                    assertThat(log).isEmpty();
                    assertThat(channel.statistics().putters()).isEqualTo(1);
                    assertThat(channel.isEmpty()).isTrue();
                    assertThat(channel.get()).isEqualTo("a");
                    putter.get();
                });
    }

    @Test
    void getWaitsForThePutter() throws Exception {
        Weft.run(
                () -> {
                    var getter = Weft.spawn(() -> channel.get());
                    Weft.yieldNow();
                    channel.put("a");
                    assertThat(getter.get()).isEqualTo("a");
                });
    }

    @Test
    void nonBlockingFormsNeedTheOtherSideToWait() throws Exception {
        Weft.run(
                () -> {
                    assertThat(channel.tryPut("a")).isFalse();
                    assertThat(channel.tryGet()).isNull();
                    assertThat(channel.put("a", Duration.ZERO)).isFalse();
                    var getter = Weft.spawn(() -> channel.get());
                    Weft.yieldNow();
                    assertThat(channel.tryPut("b")).isTrue();
                    assertThat(channel.tryPut("c")).isFalse();
                    assertThat(getter.get()).isEqualTo("b");
                    Weft.spawn(() -> channel.put("d"));
                    Weft.yieldNow();
                    assertThat(channel.tryGet()).isEqualTo("d");
                    assertThat(channel.tryGet()).isNull();
                });
    }

    @Test
    void whoGivesUpIsNotMet() throws Exception {
        assertThat(channel.put("late", Duration.ofMillis(2))).isFalse();
        assertThat(channel.get(Duration.ofMillis(2))).isNull();
        Weft.run(
                () -> {
                    var killed = Weft.spawn(() -> channel.put("killed"));
                    var next = Weft.spawn(() -> channel.put("next"));
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    assertThat(channel.get()).isEqualTo("next");
                    next.get();
                });
        assertThat(channel.statistics()).isEqualTo(new Queue.Statistics(0, 0, 0, 0));
    }

    @Test
    void bothSidesAreServedInTheOrderInWhichTheyCame() throws Exception {
        Weft.run(
                () -> {
                    for (String item : List.of("a", "b", "c")) {
                        Weft.spawn(() -> channel.put(item));
                    }
                    Weft.yieldNow();
                    assertThat(List.of(channel.get(), channel.get(), channel.get()))
                            .containsExactly("a", "b", "c");
                    for (int i = 0; i < 3; i++) {
                        int number = i;
                        Weft.spawn(() -> log.add(number + channel.get()));
                    }
                    Weft.yieldNow();
                    channel.put("d");
                    channel.put("e");
                    channel.put("f");
                    Weft.yieldNow();
                });
        assertThat(log).containsExactly("0d", "1e", "2f");
    }

    @Test
    void peekShowsWhatIsOffered() throws Exception {
        Weft.run(
                () -> {
                    var peeker = Weft.spawn(() -> channel.peek());
                    Weft.yieldNow();
                    assertThat(channel.tryPut("a")).isFalse(); // who only looks does not take
                    var putter = Weft.spawn(() -> channel.put("b"));
                    assertThat(peeker.get()).isEqualTo("b");
                    assertThat(channel.tryPeek()).isEqualTo("b");
                    assertThat(putter.isDone()).isFalse();
                    assertThat(channel.get()).isEqualTo("b");
                });
    }

    @Test
    void shutdownRefusesBothSides() throws Exception {
        Weft.run(
                () -> {
                    var putter =
                            Weft.spawn(
                                    () ->
                                            assertThatThrownBy(() -> channel.put("a"))
                                                    .isInstanceOf(QueueShutDownException.class));
                    Weft.yieldNow();
                    channel.shutdown(false);
                    putter.get();
                    assertThatThrownBy(channel::get).isInstanceOf(QueueShutDownException.class);
                });
    }

    @Test
    void meetsAcrossLoops() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var putter =
                    group.next()
                            .spawn(
                                    () -> {
                                        channel.put("a");
                                        return "met";
                                    });
            Threads.awaitParked(putter);
            assertThat(channel.get()).isEqualTo("a");
            assertThat(putter.get()).isEqualTo("met");
        }
    }
}
