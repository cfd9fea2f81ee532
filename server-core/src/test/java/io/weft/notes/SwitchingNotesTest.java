package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;
import static io.weft.Weft.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.Select;
import io.weft.Selectable;
import io.weft.VirtualTime;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sections on explicit and implicit switches, and on synchronous against asynchronous. */
class SwitchingNotesTest {
    private final Transcript out = new Transcript();

    @Test
    void fooAndBarTakeTurnsAtEverySleepOfZero() throws Exception {
        VirtualTime.run(
                () -> {
                    var foo =
                            spawn(
                                    () -> {
                                        out.print("Running in foo");
                                        yieldNow();
                                        out.print("Explicit context switch to foo again");
                                    });
                    var bar =
                            spawn(
                                    () -> {
                                        out.print("Explicit context to bar");
                                        yieldNow();
                                        out.print("Implicit context switch back to bar");
                                    });
                    foo.join();
                    bar.join();
                });
        assertThat(out.lines())
                .containsExactly(
                        "Running in foo",
                        "Explicit context to bar",
                        "Explicit context switch to foo again",
                        "Implicit context switch back to bar");
    }

    @Test
    void threeFunctionsThatSleepTakeAsLongAsTheLongest() throws Exception {
        long seconds =
                VirtualTime.run(
                        () -> {
                            long start = Deadline.now();
                            var all =
                                    List.of(
                                            spawn(() -> sleeper("func1 start", 2, "func1 goes on")),
                                            spawn(() -> sleeper("func2 start", 1, "func2 goes on")),
                                            spawn(() -> sleeper("333333", 1, "44444")));
                            for (var each : all) {
                                each.join();
                            }
                            return VirtualTime.seconds(start);
                        });
        assertThat(out.lines())
                .containsExactly(
                        "func1 start",
                        "func2 start",
                        "333333",
                        "func2 goes on",
                        "44444",
                        "func1 goes on");
        assertThat(seconds).isEqualTo(2);
    }

    private void sleeper(String before, int seconds, String after) throws InterruptedException {
        out.print(before);
        sleep(Duration.ofSeconds(seconds));
        out.print(after);
    }

    @Test
    void tenTasksOfHalfASecondTakeFiveInTurnAndHalfOneTogether() throws Exception {
        var half = Duration.ofMillis(500);
        VirtualTime.run(
                () -> {
                    long start = Deadline.now();
                    for (int i = 0; i < 10; i++) {
                        sleep(half);
                    }
                    assertThat(Duration.ofNanos(Deadline.now() - start))
                            .isEqualTo(half.multipliedBy(10));

                    start = Deadline.now();
                    var all = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 10; i++) {
                        all.add(spawn(() -> sleep(half)));
                    }
                    for (var each : all) {
                        each.join();
                    }
                    assertThat(Duration.ofNanos(Deadline.now() - start)).isEqualTo(half);
                });
    }

    @Test
    void withRandomSleepsOnlyTheAsynchronousOrderDiffers() throws Exception {
        var random = new Random(4);
        var delays = new ArrayList<Duration>();
        for (int i = 1; i <= 10; i++) {
            delays.add(Duration.ofMillis(random.nextInt(1000)));
        }
        var inTurn = new ArrayList<Integer>();
        var together = new ArrayList<Integer>();
        VirtualTime.run(
                () -> {
                    for (int i = 0; i < 10; i++) {
                        sleep(delays.get(i));
                        inTurn.add(i);
                    }
                    var all = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 10; i++) {
                        int task = i;
                        all.add(
                                spawn(
                                        () -> {
                                            sleep(delays.get(task));
                                            together.add(task);
                                        }));
                    }
                    for (var each : all) {
                        each.join();
                    }
                });
        assertThat(inTurn).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(together)
                .containsExactlyInAnyOrderElementsOf(inTurn)
                .isNotEqualTo(inTurn)
                .isSortedAccordingTo((a, b) -> delays.get(a).compareTo(delays.get(b)));
    }

    @Test
    void pollersEndWhenTheirOwnTimeIsOver() throws Exception {
        VirtualTime.run(
                () -> {
                    long start = Deadline.now();
                    var one = spawn(() -> poll(start, 1));
                    var two = spawn(() -> poll(start, 2));
                    var other =
                            spawn(
                                    () -> {
                                        out.print(
                                                "Hey lets do some stuff while the greenlets poll,"
                                                        + " at "
                                                        + tick(start));
                                        sleep(Duration.ofSeconds(1));
                                    });
                    one.join();
                    two.join();
                    other.join();
                });
        assertThat(out.lines())
                .containsExactly(
                        "Started Polling: at 0.0 seconds",
                        "Started Polling: at 0.0 seconds",
                        "Hey lets do some stuff while the greenlets poll, at 0.0 seconds",
                        "Ended Polling: at 1.0 seconds",
                        "Ended Polling: at 2.0 seconds");
    }

    /** As the notes' {@code select.select([], [], [], seconds)}. */
    private void poll(long start, int seconds) throws InterruptedException {
        out.print("Started Polling: at " + tick(start));
        assertThat(Select.any(List.<Selectable>of(), Duration.ofSeconds(seconds))).isEmpty();
        out.print("Ended Polling: at " + tick(start));
    }

    private static String tick(long start) {
        return Duration.ofNanos(Deadline.now() - start).toMillis() / 1000.0 + " seconds";
    }
}
