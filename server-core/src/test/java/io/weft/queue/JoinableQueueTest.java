package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Join waits until everything that was put has been worked off. */
class JoinableQueueTest {
    private final JoinableQueue<String> queue = new JoinableQueue<>();

    @Test
    void joinOfANewOneReturnsAtOnce() throws Exception {
        queue.join();
        assertThat(queue.join(Duration.ZERO)).isTrue();
    }

    @Test
    void joinWaitsForTheLastTaskDone() throws Exception {
        Weft.run(
                () -> {
                    queue.put("a");
                    queue.put("b");
                    var joiner = Weft.spawn(() -> queue.join());
                    Weft.yieldNow();
                    queue.get();
                    queue.get();
                    queue.taskDone();
                    Weft.yieldNow();
                    assertThat(joiner.isDone()).isFalse();
                    assertThat(queue.unfinished()).isEqualTo(1);
                    queue.taskDone();
                    joiner.get();
                });
    }

    @Test
    void itemsHandedToAWaitingGetterCountToo() throws Exception {
        Weft.run(
                () -> {
                    var getter = Weft.spawn(() -> queue.get());
                    Weft.yieldNow();
                    queue.put("a");
                    assertThat(queue.unfinished()).isEqualTo(1);
                    getter.get();
                    queue.taskDone();
                    queue.join();
                });
    }

    @Test
    void blockedPutsCountWhenTheyAreAccepted() throws Exception {
        var one = new JoinableQueue<String>(1);
        Weft.run(
                () -> {
                    one.put("a");
                    var putter = Weft.spawn(() -> one.put("b"));
                    Weft.yieldNow();
                    assertThat(one.unfinished()).isEqualTo(1);
                    one.get();
                    assertThat(one.unfinished()).isEqualTo(2);
                    putter.get();
                });
    }

    @Test
    void joinWithinATimeTellsWhetherItCameToThat() throws Exception {
        queue.put("a");
        assertThat(queue.join(Duration.ofMillis(2))).isFalse();
        assertThat(Weft.<Boolean>run(() -> queue.join(Duration.ofMillis(2)))).isFalse();
    }

    @Test
    void killedJoinerLeavesNothing() throws Exception {
        Weft.run(
                () -> {
                    queue.put("a");
                    var killed = Weft.spawn(() -> queue.join());
                    var other = Weft.spawn(() -> queue.join());
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    queue.taskDone();
                    other.get();
                });
    }

    @Test
    void statisticsTellOfTasksAndOfThoseWhoWaitForThem() throws Exception {
        Weft.run(
                () -> {
                    queue.put("a");
                    queue.put("b");
                    queue.get();
                    var joiner = Weft.spawn(() -> queue.join());
                    var killed = Weft.spawn(() -> queue.join(Duration.ofDays(1)));
                    Weft.yieldNow();
                    assertThat(queue.statistics().size()).isOne();
                    assertThat(queue.taskStatistics())
                            .isEqualTo(new JoinableQueue.TaskStatistics(2, 2));
                    killed.kill();
                    killed.join();
                    queue.taskDone();
                    assertThat(queue.taskStatistics())
                            .isEqualTo(new JoinableQueue.TaskStatistics(1, 1));
                    queue.taskDone();
                    joiner.join();
                    assertThat(queue.taskStatistics())
                            .isEqualTo(new JoinableQueue.TaskStatistics(0, 0));
                });
    }

    @Test
    void taskDoneOnceTooOftenIsAnError() throws Exception {
        queue.put("a");
        queue.taskDone();
        assertThatThrownBy(queue::taskDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("once too often");
    }

    @Test
    void immediateShutdownFinishesWhatItThrowsAway() throws Exception {
        Weft.run(
                () -> {
                    queue.put("a");
                    queue.put("b");
                    queue.put("c");
                    queue.get();
                    var joiner = Weft.spawn(() -> queue.join());
                    Weft.yieldNow();
                    queue.shutdown(true);
                    assertThat(queue.unfinished()).isEqualTo(1);
                    queue.taskDone();
                    joiner.get();
                });
    }

    @Test
    void immediateShutdownForgivesAnEarlyTaskDone() throws Exception {
        queue.put("a");
        queue.taskDone();
        queue.shutdown(true);
        assertThat(queue.unfinished()).isZero();
    }

    /** The workers of the package's own example. */
    @Test
    void workersEndWhenTheQueueIsShutDown() throws Exception {
        var done = new ArrayList<String>();
        Weft.run(
                () -> {
                    var workers = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 3; i++) {
                        workers.add(
                                Weft.spawn(
                                        () -> {
                                            for (String job : queue) {
                                                done.add(job);
                                                queue.taskDone();
                                            }
                                        }));
                    }
                    for (String job : List.of("one", "two", "three", "four")) {
                        queue.put(job);
                    }
                    queue.join();
                    assertThat(done).containsExactlyInAnyOrder("one", "two", "three", "four");
                    queue.shutdown(false);
                    for (var worker : workers) {
                        worker.get();
                    }
                });
    }
}
