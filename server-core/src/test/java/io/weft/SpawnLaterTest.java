package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine.State;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;

/** A coroutine whose start is left to a timer. */
class SpawnLaterTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void startsWhenItsTimeHasCome() throws Exception {
        var coroutine = loop.call(() -> Weft.spawnLater(SECOND, () -> "value"));
        clock.advance(SECOND.minusNanos(1));
        loop.call(() -> null);
        assertThat(coroutine.state()).isEqualTo(State.NEW);
        clock.advance(Duration.ofNanos(1));
        assertThat(coroutine.get()).isEqualTo("value");
    }

    @Test
    void plainThreadChoosesTheLoop() throws Exception {
        var onLoop = loop.spawnLater(SECOND, Loop::current);
        var onGroup = group.spawnLater(SECOND, Loop::current);
        clock.advance(SECOND);
        assertThat(onLoop.get()).isSameAs(loop);
        assertThat(onGroup.get()).isSameAs(loop);
    }

    @Test
    void startsInTheOrderOfTheirTimes() throws Exception {
        var order = new ArrayList<String>();
        var last =
                loop.call(
                        () -> {
                            var third =
                                    Weft.spawnLater(SECOND.multipliedBy(2), () -> order.add("c"));
                            Weft.spawnLater(SECOND, () -> order.add("a"));
                            Weft.spawnLater(SECOND, () -> order.add("b"));
                            return third;
                        });
        clock.advance(SECOND.multipliedBy(2));
        last.join();
        assertThat(order).containsExactly("a", "b", "c");
    }

    @Test
    void killedBeforeItsTimeItNeverRuns() throws Exception {
        var runs = new ArrayList<String>();
        var coroutine = loop.call(() -> Weft.spawnLater(SECOND, () -> runs.add("run")));
        coroutine.kill();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
        assertThat(loop.<Integer>call(loop::timerCount)).isZero();
        clock.advance(SECOND);
        loop.call(() -> null);
        assertThat(runs).isEmpty();
    }

    @Test
    void killedAfterItsStartItEndsAsAnyOther() throws Exception {
        var coroutine = loop.call(() -> Weft.spawnLater(SECOND, Block.SLEEP::call));
        clock.advance(SECOND);
        loop.call(() -> null);
        coroutine.kill();
        assertThatThrownBy(coroutine::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void startedByHandItIsNotStartedAgain() throws Exception {
        try (var log = LogRecorder.of(Timer.class)) {
            var coroutine = loop.call(() -> Weft.spawnLater(SECOND, () -> "value"));
            coroutine.start();
            assertThat(coroutine.get()).isEqualTo("value");
            clock.advance(SECOND);
            assertThat(loop.<String>call(() -> "alive")).isEqualTo("alive");
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void laterThanTheClockCanCountItWaits() throws Exception {
        var coroutine =
                loop.call(() -> Weft.spawnLater(Duration.ofSeconds(Long.MAX_VALUE), () -> "value"));
        var sleeper = loop.spawn(Weft.asCallable(() -> Weft.sleep(SECOND)));
        loop.call(() -> null);
        clock.advance(SECOND);
        sleeper.join();
        assertThat(coroutine.state()).isEqualTo(State.NEW);
    }

    @Test
    void ofAShutDownLoopIsKilled() throws Exception {
        var coroutine = loop.call(() -> Weft.spawnLater(SECOND, () -> "value"));
        group.close();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);

        var afterwards = Delayed.spawn(loop, SECOND, () -> "value");
        afterwards.join();
        assertThat(afterwards.state()).isEqualTo(State.KILLED);
    }

    @Test
    void fromAPlainThreadItIsStartedToo() throws Exception {
        assertThat(Weft.spawnLater(Duration.ofMillis(1), () -> "value").get()).isEqualTo("value");
    }
}
