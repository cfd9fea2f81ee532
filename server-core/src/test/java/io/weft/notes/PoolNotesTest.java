package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Action;
import io.weft.VirtualTime;
import io.weft.pool.Group;
import io.weft.pool.Pool;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Sections on determinism, groups and pools. */
class PoolNotesTest {
    private final Transcript out = new Transcript();

    @Test
    void fourRunsOfAPoolGiveEqualLists() throws Exception {
        var numbers = IntStream.range(0, 10).boxed().toList();
        VirtualTime.run(
                () -> {
                    var runs = new ArrayList<List<Integer>>();
                    for (int run = 0; run < 4; run++) {
                        var list = new ArrayList<Integer>();
                        new Pool(10).imapUnordered(numbers, PoolNotesTest::echo).forEach(list::add);
                        runs.add(list);
                    }
                    assertThat(runs).hasSize(4).containsOnly(runs.getFirst());
                    assertThat(runs.getFirst()).containsExactlyInAnyOrderElementsOf(numbers);
                });
    }

    private static int echo(int i) throws InterruptedException {
        sleep(Duration.ofMillis(1));
        return i;
    }

    @Test
    void aGroupIsJoinedAndUsedAgain() throws Exception {
        VirtualTime.run(
                () -> {
                    var group = new Group();
                    for (String message : List.of("bar", "bar", "foo", "foo")) {
                        group.add(spawn(talk(message)));
                    }
                    group.join();
                    for (String message : List.of("fizz", "fizz")) {
                        group.add(spawn(talk(message)));
                    }
                    group.join();
                });
        assertThat(out.lines()).containsExactly("bar", "bar", "foo", "foo", "fizz", "fizz");
    }

    private Action talk(String message) {
        return () -> out.print(message);
    }

    @Test
    void aGroupMapsInOrderAndInOrderOfCompletion() throws Exception {
        var three = List.of(0, 1, 2);
        VirtualTime.run(
                () -> {
                    var group = new Group();
                    assertThat(
                                    group.map(
                                            three,
                                            i -> {
                                                sleep(Duration.ofSeconds(3 - i));
                                                return "Size of group " + group.size();
                                            }))
                            .containsExactly(
                                    "Size of group 1", "Size of group 2", "Size of group 3");
                    var igroup = new ArrayList<String>();
                    group.imap(
                                    three,
                                    i -> {
                                        out.print("Size of group " + group.size());
                                        sleep(Duration.ofSeconds(3 - i));
                                        return "task" + i;
                                    })
                            .forEach(igroup::add);
                    assertThat(igroup).containsExactly("task0", "task1", "task2");
                    assertThat(out.lines())
                            .containsExactly(
                                    "Size of group 3", "Size of group 3", "Size of group 3");

                    var unordered = new ArrayList<Integer>();
                    group.imapUnordered(
                                    three,
                                    i -> {
                                        sleep(Duration.ofSeconds(3 - i));
                                        return i;
                                    })
                            .forEach(unordered::add);
                    assertThat(unordered).containsExactly(2, 1, 0);
                });
    }

    @Test
    void aPoolOfTwoNeverRunsThree() throws Exception {
        VirtualTime.run(
                () -> {
                    var pool = new Pool(2);
                    List<Integer> sizes =
                            pool.map(
                                    List.of(0, 1, 2),
                                    i -> {
                                        sleep(Duration.ofSeconds(1));
                                        return pool.size();
                                    });
                    assertThat(sizes).containsExactly(2, 2, 1);
                });
    }

    /** The SocketPool of the notes: handlers in a pool that refuses when it is full. */
    private static final class SocketPool {
        private final Pool pool = new Pool(10);

        void addHandler(Action handler) throws InterruptedException {
            if (pool.isFull()) {
                throw new IllegalStateException("At maximum pool size");
            }
            pool.spawn(handler);
        }

        void shutdown() {
            pool.kill();
        }
    }

    @Test
    void aSocketPoolRefusesTheEleventhHandlerAndKillsAtShutdown() throws Exception {
        VirtualTime.run(
                () -> {
                    var sockets = new SocketPool();
                    for (int i = 0; i < 10; i++) {
                        sockets.addHandler(() -> sleep(Duration.ofDays(1)));
                    }
                    try {
                        sockets.addHandler(() -> {});
                    } catch (IllegalStateException e) {
                        out.print(e.getMessage());
                    }
                    sockets.shutdown();
                    sockets.pool.join();
                    assertThat(sockets.pool.size()).isZero();
                });
        assertThat(out.lines()).containsExactly("At maximum pool size");
    }
}
