package io.weft.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Coroutines;
import io.weft.Generator;
import io.weft.LoopGroup;
import io.weft.Select;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.net.DatagramEndpoint;
import io.weft.pool.Group;
import io.weft.pool.Pool;
import io.weft.pool.ThreadPool;
import io.weft.process.Stdio;
import io.weft.process.Subprocess;
import io.weft.queue.Channel;
import io.weft.queue.JoinableQueue;
import io.weft.queue.Queue;
import io.weft.sync.AsyncResult;
import io.weft.sync.Event;
import io.weft.sync.RLock;
import io.weft.sync.Semaphore;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Every call of Weft's that waits ends by a limit around it and by a kill, leaving no interrupt,
 * and is refused on the hub. Those of connections are in {@code io.weft.net}.
 */
class WeftWaitsTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofDays(1);

    static Stream<Named<Action>> calls() {
        return Stream.of(
                call("Event.await", () -> new Event().await()),
                call("Event.await, timed", () -> new Event().await(LONG)),
                call("AsyncResult.get", () -> new AsyncResult<String>().get()),
                call("AsyncResult.get, timed", () -> new AsyncResult<String>().get(LONG)),
                call("AsyncResult.await", () -> new AsyncResult<String>().await()),
                call("Semaphore.acquire", () -> new Semaphore(0).acquire()),
                call("Semaphore.acquire, timed", () -> new Semaphore(0).acquire(LONG)),
                call("Semaphore.hold", () -> new Semaphore(0).hold()),
                call("Semaphore.hold, timed", () -> new Semaphore(0).hold(LONG)),
                call("Semaphore.awaitAvailable", () -> new Semaphore(0).awaitAvailable()),
                call("RLock.acquire", () -> lockOfAnother().acquire()),
                call("RLock.acquire, timed", () -> lockOfAnother().acquire(LONG)),
                call("RLock.hold", () -> lockOfAnother().hold()),
                call("RLock.hold, timed", () -> lockOfAnother().hold(LONG)),
                call("Queue.get", () -> new Queue<String>().get()),
                call("Queue.get, timed", () -> new Queue<String>().get(LONG)),
                call("Queue.peek", () -> new Queue<String>().peek()),
                call("Queue.put", () -> fullQueue().put("more")),
                call("Queue.put, timed", () -> fullQueue().put("more", LONG)),
                call("Channel.put", () -> new Channel<String>().put("offer")),
                call("Channel.get", () -> new Channel<String>().get()),
                call("JoinableQueue.join", WeftWaitsTest::joinQueue),
                call("Weft.await of a promise", () -> Weft.await(promise())),
                call("Weft.await of a promise, timed", () -> Weft.await(promise(), LONG)),
                call("Weft.await of a stage", () -> Weft.await(new CompletableFuture<>())),
                call("Weft.await of a stage, timed", WeftWaitsTest::awaitStageInTime),
                call("Coroutine.join", () -> sleeper().join()),
                call("Coroutine.get", () -> sleeper().get()),
                call("Coroutines.joinAll", () -> Coroutines.joinAll(List.of(sleeper()))),
                call("Coroutines.joinAny", () -> Coroutines.joinAny(List.of(sleeper()))),
                call("Coroutines.getAll", () -> Coroutines.getAll(List.of(sleeper()))),
                call("Select.any", () -> Select.any(List.of(new Queue<String>()))),
                call("Group.join", WeftWaitsTest::joinGroup),
                call("Group.map", () -> new Group().map(List.of(1), _ -> sleepLong())),
                call("Group.apply", () -> new Group().apply(WeftWaitsTest::sleepLong)),
                call("Group.apply, timed", () -> new Group().apply(WeftWaitsTest::sleepLong, LONG)),
                call("Results.next", WeftWaitsTest::nextResult),
                call("Results.next, timed", WeftWaitsTest::nextResultInTime),
                call("Results.hasNext, timed", WeftWaitsTest::hasNextInTime),
                call("Pool.spawn", () -> fullPool().spawn(() -> "")),
                call("Pool.add", () -> fullPool().add(sleeper())),
                call("Pool.waitAvailable", () -> fullPool().waitAvailable()),
                call("ThreadPool.apply", WeftWaitsTest::applyOnThread),
                call("Generator.next", WeftWaitsTest::nextYield),
                call("Subprocess.waitFor", WeftWaitsTest::waitForChild),
                call("Subprocess.communicate", WeftWaitsTest::communicate),
                call("DatagramEndpoint.receive", WeftWaitsTest::receive));
    }

    private static Named<Action> call(String name, Action action) {
        return Named.of(name, action);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void endsByALimitAroundIt(Action call) throws Exception {
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> neverReturns(call)))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    Weft.yieldNow();
                });
    }

    @ParameterizedTest
    @MethodSource("calls")
    void endsByAKill(Action call) throws Exception {
        Weft.run(
                () -> {
                    var waiter = Weft.spawn(() -> neverReturns(call));
                    Weft.yieldNow();
                    Meanwhile.awaitBlocked(waiter);
                    waiter.kill();
                    waiter.join();
                    assertThat(waiter.state()).isEqualTo(Coroutine.State.KILLED);
                });
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isRefusedOnTheHub(Action call) throws Exception {
        try (var group = LoopGroup.create(1)) {
            var refused =
                    group.next()
                            .eventLoop()
                            .submit(
                                    () -> {
                                        call.run();
                                        return "returned";
                                    });
            assertThatThrownBy(refused::get)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would block the hub")
                    .hasMessageContaining("loop.spawn(...)");
        }
    }

    private static String neverReturns(Action call) throws Exception {
        call.run();
        throw new AssertionError("the call has returned");
    }

    private static String sleepLong() throws InterruptedException {
        Weft.sleep(LONG);
        return "";
    }

    private static Coroutine<String> sleeper() {
        return Weft.spawn(WeftWaitsTest::sleepLong);
    }

    private static RLock lockOfAnother() throws InterruptedException {
        var lock = new RLock();
        Weft.spawn(() -> lock.acquire()).join();
        return lock;
    }

    private static Queue<String> fullQueue() {
        var queue = new Queue<String>(1);
        queue.tryPut("first");
        return queue;
    }

    private static void joinQueue() throws InterruptedException {
        var queue = new JoinableQueue<String>();
        queue.put("never done");
        queue.join();
    }

    private static void joinGroup() throws InterruptedException {
        var group = new Group();
        group.add(sleeper());
        group.join();
    }

    private static Pool fullPool() {
        var pool = new Pool(1);
        pool.tryAdd(sleeper());
        return pool;
    }

    private static void nextResult() throws Exception {
        try (var results = new Group().imapUnordered(List.of(1), _ -> sleepLong())) {
            results.next();
        }
    }

    private static void nextResultInTime() throws Exception {
        try (var results = new Group().imapUnordered(List.of(1), _ -> sleepLong())) {
            results.next(LONG);
        }
    }

    private static void hasNextInTime() throws Exception {
        try (var results = new Group().imap(List.of(1), _ -> sleepLong())) {
            results.hasNext(LONG);
        }
    }

    private static Promise<String> promise() {
        return ImmediateEventExecutor.INSTANCE.newPromise();
    }

    private static void awaitStageInTime() throws Exception {
        Weft.await(new CompletableFuture<String>(), LONG);
    }

    private static void applyOnThread() throws Exception {
        try (var pool = new ThreadPool(1)) {
            pool.apply(
                    () -> {
                        new CountDownLatch(1).await();
                        return "";
                    });
        }
    }

    private static void nextYield() throws Exception {
        try (var generator = new Generator<String, String>(_ -> sleepLong())) {
            generator.next();
        }
    }

    private static void waitForChild() throws Exception {
        try (var cat = Subprocess.command("cat").stdin(Stdio.PIPE).start()) {
            cat.waitFor();
        }
    }

    private static void communicate() throws Exception {
        try (var sleep = Subprocess.command("sleep", "1000").stdout(Stdio.PIPE).start()) {
            try {
                sleep.communicate("");
            } finally {
                sleep.kill();
            }
        }
    }

    private static void receive() throws Exception {
        try (var endpoint = DatagramEndpoint.bind("127.0.0.1:0")) {
            endpoint.receive();
        }
    }
}
