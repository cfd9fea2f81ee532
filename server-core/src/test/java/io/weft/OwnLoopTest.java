package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.pool.Group;
import io.weft.pool.Pool;
import io.weft.queue.Channel;
import io.weft.queue.JoinableQueue;
import io.weft.queue.LifoQueue;
import io.weft.queue.PriorityQueue;
import io.weft.queue.Queue;
import io.weft.sync.AsyncResult;
import io.weft.sync.BoundedSemaphore;
import io.weft.sync.Event;
import io.weft.sync.RLock;
import io.weft.sync.Semaphore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the coroutines of one loop do with a primitive is the work of the loop's carrier alone: they
 * are resumed there, no thread is started, and no other one runs. Of how many system calls that
 * takes {@link LocalWakeTest} tells.
 */
class OwnLoopTest {
    private static final int ROUNDS = 100;

    /** Others may have something of their own to do: then it is done once more. */
    private static final int TRIES = 100;

    private static final Duration MOMENT = Duration.ofNanos(20_000);
    private static final Duration LONG = Duration.ofDays(1);

    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    static Stream<Named<Action>> primitives() {
        return Stream.of(
                use("event", OwnLoopTest::events),
                use("result", OwnLoopTest::results),
                use("semaphore", () -> permits(new Semaphore(1))),
                use("bounded semaphore", () -> permits(new BoundedSemaphore(1))),
                use("lock", OwnLoopTest::locks),
                use("queue", () -> items(new Queue<>(1))),
                use("lifo queue", () -> items(new LifoQueue<>(1))),
                use("priority queue", () -> items(PriorityQueue.natural(1))),
                use("channel", () -> items(new Channel<>())),
                use("joinable queue", OwnLoopTest::tasks),
                use("coroutine", OwnLoopTest::coroutines),
                use("group", () -> members(new Group())),
                use("pool", () -> members(new Pool(2))),
                use("generator", OwnLoopTest::generators),
                use("select", OwnLoopTest::select),
                use("promise of the loop", OwnLoopTest::promises),
                use("sleep", OwnLoopTest::sleeps),
                use("timeout", OwnLoopTest::timeouts));
    }

    private static Named<Action> use(String name, Action action) {
        return Named.of(name, action);
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void primitiveNeedsNoOtherThread(Action use) throws Exception {
        assertThat(helpersOf(use)).isEmpty();
    }

    /** That it would be seen: the JDK's own sleep ends by a thread of the JDK's. */
    @Test
    void sleepOfTheJdksNeedsAnotherThread() throws Exception {
        Action sleep = () -> Thread.sleep(Duration.ofMillis(1));
        assertThat(helpersOf(() -> times(5, sleep))).isNotEmpty();
    }

    /** Who else ran or was started whenever it was done; nobody if that happened once. */
    private List<String> helpersOf(Action use) throws Exception {
        return loop.call(
                () -> {
                    use.run(); // what is loaded or started but once has been
                    var helpers = List.<String>of();
                    for (int i = 0; i < TRIES; i++) {
                        var census = new Census(loop.carrier().relief().driver());
                        use.run();
                        here();
                        helpers = census.activeSince();
                        if (helpers.isEmpty()) {
                            return helpers;
                        }
                    }
                    return helpers;
                });
    }

    /**
     * How much the platform threads have run. Their CPU time alone does not tell: in a virtual
     * machine a short run may count as nothing, because the host says that it had taken that time.
     * But who helps has waited to be asked, and waits again.
     */
    private static final class Census {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private final long own;
        private final long started = THREADS.getTotalStartedThreadCount();
        private final Map<Long, Work> work;

        Census(Thread own) {
            this.own = own.threadId();
            this.work = work();
        }

        private record Work(long cpuNanos, long waits) {}

        private static Map<Long, Work> work() {
            var work = new HashMap<Long, Work>();
            for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
                if (info != null) { // else it has just ended
                    long id = info.getThreadId();
                    work.put(id, new Work(THREADS.getThreadCpuTime(id), info.getWaitedCount()));
                }
            }
            return work;
        }

        List<String> activeSince() {
            var active = new ArrayList<String>();
            work().forEach(
                            (id, now) -> {
                                if (id != own && !now.equals(work.get(id))) {
                                    var info = THREADS.getThreadInfo(id);
                                    active.add(info == null ? "one that ended" : "" + info);
                                }
                            });
            if (THREADS.getTotalStartedThreadCount() != started) {
                active.add("one that was started");
            }
            return active;
        }
    }

    /** The caller has been resumed where it belongs. */
    private static void here() {
        var current = Coroutine.current();
        assertThat(current).isNotNull();
        assertThat(current.loop().isCurrent()).isTrue();
    }

    /** Runs both to their ends, side by side. */
    private static void together(Action one, Action other) throws Exception {
        var first = Weft.spawn(one);
        var second = Weft.spawn(other);
        first.get();
        second.get();
        here();
    }

    private static void times(int count, Action action) throws Exception {
        for (int i = 0; i < count; i++) {
            action.run();
            here();
        }
    }

    private static void events() throws Exception {
        var ping = new Event();
        var pong = new Event();
        together(
                () -> times(ROUNDS, () -> swap(ping, pong)),
                () -> {
                    ping.set();
                    times(ROUNDS, () -> swap(pong, ping));
                });
        assertThat(new Event().await(MOMENT)).isFalse();
    }

    private static void swap(Event mine, Event others) throws InterruptedException {
        mine.await(LONG);
        mine.clear();
        others.set();
    }

    private static void results() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            var result = new AsyncResult<Integer>();
            together(() -> result.get(), () -> result.set(1));
        }
        assertThat(new AsyncResult<String>().await(MOMENT)).isFalse();
    }

    private static void permits(Semaphore semaphore) throws Exception {
        Action use =
                () -> {
                    try (var _ = semaphore.hold(LONG)) {
                        Weft.yieldNow(); // so that the other one has to wait
                    }
                };
        together(() -> times(ROUNDS, use), () -> times(ROUNDS, use));
        semaphore.acquire();
        assertThat(semaphore.acquire(MOMENT)).isFalse();
        semaphore.release();
    }

    private static void locks() throws Exception {
        var lock = new RLock();
        Action use =
                () -> {
                    try (var _ = lock.hold();
                            var _ = lock.hold(LONG)) {
                        Weft.yieldNow();
                    }
                };
        together(() -> times(ROUNDS, use), () -> times(ROUNDS, use));
        try (var _ = lock.hold()) {
            assertThat(Weft.spawn(() -> lock.acquire(MOMENT)).get()).isFalse();
        }
    }

    private static void items(Queue<Integer> queue) throws Exception {
        together(() -> times(ROUNDS, () -> queue.put(1)), () -> times(ROUNDS, () -> queue.get()));
        together(
                () -> times(ROUNDS, () -> queue.put(1, LONG)),
                () -> times(ROUNDS, () -> queue.get(LONG)));
        assertThat(queue.get(MOMENT)).isNull();
        assertThat(queue.peek(MOMENT)).isNull();
    }

    private static void tasks() throws Exception {
        var queue = new JoinableQueue<Integer>(1);
        together(
                () ->
                        times(
                                ROUNDS,
                                () -> {
                                    queue.put(1);
                                    queue.join();
                                }),
                () ->
                        times(
                                ROUNDS,
                                () -> {
                                    queue.get();
                                    queue.taskDone();
                                }));
        queue.put(1);
        assertThat(queue.join(MOMENT)).isFalse();
    }

    private static void coroutines() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            var linked = new Event();
            var ended = Weft.spawn(() -> "value");
            ended.link(_ -> linked.set());
            ended.get();
            linked.await();
            var killed = Weft.spawn(() -> Weft.sleep(LONG));
            Weft.yieldNow();
            killed.kill();
            killed.join(LONG);
            Coroutines.joinAll(List.of(Weft.spawn(() -> ""), Weft.spawn(() -> Weft.yieldNow())));
        }
        Weft.spawnLater(MOMENT, () -> "").get();
    }

    private static void members(Group group) throws Exception {
        var items = IntStream.range(0, ROUNDS).boxed().toList();
        Action yield = Weft::yieldNow;
        for (int i = 0; i < ROUNDS; i++) {
            group.spawn(yield);
        }
        group.join();
        assertThat(group.map(items, i -> i)).isEqualTo(items);
        try (var results = group.imapUnordered(items, i -> i, 2)) {
            times(ROUNDS, () -> results.next(LONG));
        }
        try {
            group.apply(() -> sleepLong(), MOMENT);
        } catch (TimeoutException e) {
            group.join();
        }
        here();
    }

    private static String sleepLong() throws InterruptedException {
        Weft.sleep(LONG);
        return "";
    }

    private static void generators() throws Exception {
        try (var echo =
                new Generator<Integer, Integer>(
                        outside -> {
                            for (Integer value = 0; ; value = outside.yield(value)) {
                                here();
                            }
                        })) {
            echo.next();
            times(ROUNDS, () -> echo.send(1));
        }
    }

    private static void select() throws Exception {
        var queue = new Queue<Integer>();
        var taken = new Event();
        together(
                () ->
                        times(
                                ROUNDS,
                                () -> {
                                    Select.any(List.of(queue, new Event()));
                                    queue.get();
                                    taken.set();
                                }),
                () ->
                        times(
                                ROUNDS,
                                () -> {
                                    queue.put(1);
                                    taken.await();
                                    taken.clear();
                                }));
        assertThat(Select.any(List.of(queue), MOMENT)).isEmpty();
    }

    private static void promises() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            var promise = Loop.current().eventLoop().<Integer>newPromise();
            together(() -> Weft.await(promise, LONG), () -> promise.setSuccess(1));
        }
    }

    private static void sleeps() throws Exception {
        times(ROUNDS, () -> Weft.sleep(MOMENT));
    }

    private static void timeouts() throws Exception {
        times(
                ROUNDS,
                () ->
                        Timeout.callOr(
                                MOMENT,
                                "",
                                () -> {
                                    new Event().await();
                                    return "";
                                }));
    }
}
