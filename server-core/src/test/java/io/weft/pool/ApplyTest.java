package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One call, made by a member of a group or a pool. */
class ApplyTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Group group = new Group();
    private final List<String> events = new ArrayList<>();

    @Test
    void applyGivesTheValueOrTheFailure() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        assertThat(group.apply(() -> group.size() + " inside"))
                                .isEqualTo("1 inside");
                        assertThatThrownBy(() -> group.apply(() -> GroupTest.fail("broken")))
                                .isInstanceOf(ExecutionException.class)
                                .hasRootCauseMessage("broken");
                    });
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void applyOfAMemberNeedsNoSecondPlace() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var nested = pool.spawn(() -> pool.apply(() -> "direct"));
                    assertThat(nested.get(LONG)).isEqualTo("direct");
                    var failing =
                            pool.spawn(
                                    () ->
                                            assertThatThrownBy(
                                                            () ->
                                                                    pool.apply(
                                                                            () ->
                                                                                    GroupTest.fail(
                                                                                            "direct")))
                                                    .isInstanceOf(ExecutionException.class));
                    failing.get(LONG);
                });
    }

    @Test
    void applyWithinATimeGivesTheValueOrTheFailure() throws Exception {
        Weft.run(
                () -> {
                    assertThat(group.apply(() -> group.size() + " inside", LONG))
                            .isEqualTo("1 inside");
                    assertThatThrownBy(
                                    () ->
                                            group.apply(
                                                    () -> {
                                                        throw new TimeoutException("its own");
                                                    },
                                                    LONG))
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("its own");
                    assertThat(Loop.current().timerCount()).isZero();
                });
        assertThat(group.apply(() -> "on a plain thread", LONG)).isEqualTo("on a plain thread");
    }

    @Test
    void applyKillsItsMemberWhenTheTimeIsOver() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        assertThatThrownBy(() -> group.apply(this::sleepAndTell, SHORT))
                                .isInstanceOf(TimeoutException.class)
                                .hasMessage("the call has not ended within " + SHORT);
                        assertThat(group.join(LONG)).isTrue();
                        assertThat(Loop.current().timerCount()).isZero();
                    });
            assertThatThrownBy(() -> group.apply(this::sleepAndTell, SHORT))
                    .isInstanceOf(TimeoutException.class);
            assertThat(group.join(LONG)).isTrue();
            assertThat(log.messages()).isEmpty();
        }
        assertThat(events).containsExactly("ended", "ended");
    }

    /** What waits for a place is counted too. */
    @Test
    void applyThatGetsNoPlaceInTimeStartsNothing() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var holder = pool.spawn(() -> Weft.sleep(FOR_EVER));
                    assertThatThrownBy(() -> pool.apply(() -> events.add("never"), SHORT))
                            .isInstanceOf(TimeoutException.class);
                    assertThat(pool.statistics()).isEqualTo(new Group.Statistics(1, 1, 0, 0));
                    holder.kill();
                    assertThat(pool.apply(() -> "value", LONG)).isEqualTo("value");
                });
        assertThat(events).isEmpty();
    }

    @Test
    void applyOfAMemberIsLimitedToo() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var late =
                            pool.spawn(
                                    () -> {
                                        assertThatThrownBy(
                                                        () -> pool.apply(this::sleepAndTell, SHORT))
                                                .isInstanceOf(TimeoutException.class);
                                        assertThat(Thread.currentThread().isInterrupted())
                                                .isFalse();
                                        return pool.apply(() -> "direct", LONG);
                                    });
                    assertThat(late.get(LONG)).isEqualTo("direct");
                    var outer =
                            pool.spawn(
                                    () ->
                                            Timeout.callOr(
                                                    SHORT,
                                                    "the outer one",
                                                    () -> {
                                                        pool.apply(this::sleepAndTell, LONG);
                                                        return "";
                                                    }));
                    assertThat(outer.get(LONG)).isEqualTo("the outer one");
                });
        assertThat(events).containsExactly("ended", "ended");
    }

    private boolean sleepAndTell() throws InterruptedException {
        try {
            Weft.sleep(FOR_EVER);
            return true;
        } finally {
            events.add("ended");
        }
    }

    @Test
    void applyAsyncNeverWaits() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var holder = pool.spawn(() -> Weft.sleep(FOR_EVER));
                    var later = pool.applyAsync(() -> "value");
                    later.link(ended -> events.add("called back with " + ended.value()));
                    assertThat(later.join(SHORT)).isFalse();
                    holder.kill();
                    assertThat(later.get()).isEqualTo("value");
                    Weft.yieldNow();
                });
        assertThat(events).containsExactly("called back with value");
    }
}
