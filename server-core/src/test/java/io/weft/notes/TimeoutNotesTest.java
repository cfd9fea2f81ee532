package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Timeout;
import io.weft.VirtualTime;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The section on timeouts. */
class TimeoutNotesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Transcript out = new Transcript();

    private static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void threeWaysToLimitAWait() throws Exception {
        VirtualTime.run(
                () -> {
                    var first = spawn(TimeoutNotesTest::longTask);
                    try (var _ = Timeout.start(SECOND)) {
                        first.join();
                    } catch (Timeout.Expired e) {
                        out.print("Thread 1 timed out");
                    }

                    var second = spawn(TimeoutNotesTest::longTask);
                    try {
                        second.get(SECOND);
                    } catch (TimeoutException e) {
                        out.print("Thread 2 timed out");
                    }

                    try {
                        Timeout.call(SECOND, TimeoutNotesTest::longTask);
                    } catch (Timeout.Expired e) {
                        out.print("Thread 3 timed out");
                    }
                });
        assertThat(out.lines())
                .containsExactly("Thread 1 timed out", "Thread 2 timed out", "Thread 3 timed out");
    }

    private static String longTask() throws InterruptedException {
        sleep(Duration.ofSeconds(10));
        return "done";
    }

    @Test
    void aBlockThatTakesTooLongThrowsTheCallersOwnException() {
        assertThatThrownBy(
                        () ->
                                VirtualTime.run(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofSeconds(5),
                                                        TimeoutNotesTest::longTask,
                                                        expired -> new TooLong())))
                .isInstanceOf(TooLong.class);
    }

    /** join(timeout=timer) and get(timeout=timer). */
    @Test
    void limitThatWasStartedIsGivenToAWait() throws Exception {
        VirtualTime.run(
                () -> {
                    var task = spawn(TimeoutNotesTest::longTask);
                    try (var timer = Timeout.start(SECOND)) {
                        assertThat(task.join(timer)).isFalse();
                        assertThat(task.join(timer)).as("once it was reached").isFalse();
                        assertThatThrownBy(() -> task.get(timer))
                                .isInstanceOfSatisfying(
                                        Timeout.Expired.class,
                                        e -> assertThat(e.timeout()).isSameAs(timer));
                    }
                    try (var timer = Timeout.start(SECOND.multipliedBy(10))) {
                        assertThat(task.get(timer)).isEqualTo("done");
                        assertThat(task.join(timer)).isTrue();
                    }
                });
    }

    @Test
    void limitAroundTheGivenOneIsNotTakenForIt() throws Exception {
        VirtualTime.run(
                () -> {
                    var task = spawn(TimeoutNotesTest::longTask);
                    try (var outer = Timeout.start(SECOND);
                            var inner = Timeout.start(SECOND.multipliedBy(2))) {
                        assertThatThrownBy(() -> task.join(inner))
                                .isInstanceOfSatisfying(
                                        Timeout.Expired.class,
                                        e -> assertThat(e.timeout()).isSameAs(outer));
                    }
                });
    }

    @Test
    void limitOfAnotherOrAClosedOneIsRefused() throws Exception {
        VirtualTime.run(
                () -> {
                    var task = spawn(TimeoutNotesTest::longTask);
                    var closed = Timeout.start(SECOND);
                    closed.close();
                    assertThatThrownBy(() -> task.join(closed))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("the limit is closed");
                    try (var mine = Timeout.start(SECOND)) {
                        var other = spawn(() -> task.join(mine));
                        assertThatThrownBy(other::get)
                                .hasCauseInstanceOf(IllegalArgumentException.class);
                    }
                });
    }
}
