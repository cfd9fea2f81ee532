package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** What is ready on one loop runs in the order in which it became ready, every time. */
class FifoTest {
    @Test
    void coroutinesStartInTheOrderOfTheirSpawn() throws Exception {
        var order = new ArrayList<Integer>();
        Weft.run(
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        int number = i;
                        Weft.spawn(() -> order.add(number));
                    }
                    Weft.yieldNow();
                });
        assertThat(order).isEqualTo(numbers(1_000));
    }

    @Test
    void spawnNeverRunsInline() throws Exception {
        var order = new ArrayList<String>();
        Weft.run(
                () -> {
                    var child = Weft.spawn(() -> order.add("child"));
                    order.add("parent");
                    child.join();
                });
        assertThat(order).containsExactly("parent", "child");
    }

    @Test
    void spawnsOfAForeignThreadStartInTheirOrder() throws Exception {
        var order = new ArrayList<Integer>();
        try (var group = LoopGroup.create(1)) {
            Loop loop = group.next();
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                loop.spawn(() -> order.add(number));
            }
            assertThat(loop.call(() -> List.copyOf(order))).isEqualTo(numbers(1_000));
        }
    }

    @Test
    void yieldersTakeTurns() throws Exception {
        var order = new StringBuilder();
        Weft.run(
                () -> {
                    var a = Weft.spawn(() -> threeTimes("a", order));
                    var b = Weft.spawn(() -> threeTimes("b", order));
                    var c = Weft.spawn(() -> threeTimes("c", order));
                    a.join();
                    b.join();
                    c.join();
                });
        assertThat(order).hasToString("abcabcabc");
    }

    @Test
    void yieldOfTheJdkTakesTurnsToo() throws Exception {
        var order = new StringBuilder();
        Weft.run(
                () -> {
                    var a = Weft.spawn(() -> threeTimesByTheJdk("a", order));
                    var b = Weft.spawn(() -> threeTimesByTheJdk("b", order));
                    a.join();
                    b.join();
                });
        assertThat(order).hasToString("ababab");
    }

    @Test
    void unparkedCoroutinesRunInTheOrderOfTheirUnpark() throws Exception {
        var order = new ArrayList<Integer>();
        Weft.run(
                () -> {
                    var woken = new boolean[10];
                    var sleepers =
                            IntStream.range(0, 10)
                                    .mapToObj(
                                            i -> Weft.spawn(() -> sleepUntilWoken(i, woken, order)))
                                    .toList();
                    Weft.yieldNow();
                    for (int i = 9; i >= 0; i--) {
                        woken[i] = true;
                        LockSupport.unpark(sleepers.get(i).thread());
                    }
                    Weft.yieldNow();
                });
        assertThat(order).isEqualTo(numbers(10).reversed());
    }

    /**
     * Sixteen coroutines that spawn, yield and queue: twice the same program, twice the same trace.
     */
    @RepeatedTest(3)
    void oneLoopIsDeterministic() throws Exception {
        assertThat(trace()).isEqualTo(trace());
    }

    private static List<String> trace() throws Exception {
        var trace = new ArrayList<String>();
        Weft.run(
                () -> {
                    var queue = new WaitQueue();
                    var jobs = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 16; i++) {
                        int number = i;
                        jobs.add(Weft.spawn(() -> work(number, queue, trace)));
                    }
                    for (var job : jobs) {
                        job.join();
                    }
                });
        assertThat(trace).hasSize(16 * 5 * 2);
        return trace;
    }

    private static void work(int number, WaitQueue queue, List<String> trace) throws Exception {
        for (int round = 0; round < 5; round++) {
            trace.add(number + " begins " + round);
            switch ((number + round) % 3) {
                case 0 -> Weft.yieldNow();
                case 1 -> Weft.spawn(() -> wakeOne(queue)).join();
                default -> {
                    Weft.spawn(() -> wakeOne(queue));
                    queue.lock();
                    try {
                        queue.await(Deadline.NEVER, queue);
                    } finally {
                        queue.unlock();
                    }
                }
            }
            trace.add(number + " ends " + round);
        }
    }

    private static void wakeOne(WaitQueue queue) throws InterruptedException {
        queue.lock();
        try {
            queue.wakeOne();
        } finally {
            queue.unlock();
        }
    }

    private static void threeTimes(String letter, StringBuilder order) throws Exception {
        for (int i = 0; i < 3; i++) {
            order.append(letter);
            Weft.yieldNow();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the call under test
    private static void threeTimesByTheJdk(String letter, StringBuilder order) {
        for (int i = 0; i < 3; i++) {
            order.append(letter);
            Thread.yield();
        }
    }

    private static void sleepUntilWoken(int number, boolean[] woken, List<Integer> order) {
        while (!woken[number]) {
            LockSupport.park();
        }
        order.add(number);
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
