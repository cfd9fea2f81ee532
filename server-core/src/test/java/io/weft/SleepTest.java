package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Sleepers wake by the clock of their loop, and the same moment wakes them in order. */
class SleepTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(1);
    private final Loop loop = group.next();
    private final List<String> order = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void sameMomentWakesInTheOrderOfGoingToSleep() throws Exception {
        var sleepers = new ArrayList<Coroutine<?>>();
        for (int i = 0; i < 100; i++) {
            sleepers.add(sleeper(SECOND, Integer.toString(i)));
        }
        loop.call(() -> null);
        clock.advance(SECOND);
        for (var sleeper : sleepers) {
            sleeper.join();
        }
        assertThat(order).isEqualTo(IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    void earlierMomentWakesEarlier() throws Exception {
        var last = sleeper(SECOND.multipliedBy(3), "third");
        sleeper(SECOND.multipliedBy(2), "second");
        sleeper(SECOND, "first");
        loop.call(() -> null);
        clock.advance(SECOND.multipliedBy(3));
        last.join();
        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void nobodyWakesBeforeHisTime() throws Exception {
        var sleeper = sleeper(SECOND, "woken");
        loop.call(() -> null);
        clock.advance(SECOND.minusNanos(1));
        LockSupport.unpark(sleeper.thread()); // by mistake
        loop.call(() -> null);
        loop.call(() -> null);
        assertThat(order).isEmpty();
        clock.advance(Duration.ofNanos(1));
        sleeper.join();
        assertThat(order).containsExactly("woken");
    }

    @Test
    void zeroIsAYield() throws Exception {
        loop.call(
                () -> {
                    Weft.spawn(() -> order.add("other"));
                    Weft.sleep(Duration.ZERO);
                    order.add("sleeper");
                    return null;
                });
        assertThat(order).containsExactly("other", "sleeper");
    }

    @Test
    void negativeIsRefused() {
        assertThatThrownBy(() -> Weft.sleep(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a time to wait cannot be negative, but was PT-0.001S");
    }

    @Test
    void leavesNoTimerBehind() throws Exception {
        var sleeper = sleeper(SECOND, "woken");
        loop.call(() -> null);
        assertThat(loop.<Integer>call(loop::timerCount)).isEqualTo(1);
        sleeper.kill();
        sleeper.join();
        assertThat(loop.<Integer>call(loop::timerCount)).isZero();
    }

    @Test
    void worksOnThreadsWithoutALoop() throws Exception {
        Weft.sleep(Duration.ofMillis(1));
        Weft.sleep(Duration.ZERO);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Weft.sleep(SECOND)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private Coroutine<?> sleeper(Duration duration, String name) {
        return loop.spawn(
                name,
                () -> {
                    Weft.sleep(duration);
                    return order.add(name);
                });
    }
}
