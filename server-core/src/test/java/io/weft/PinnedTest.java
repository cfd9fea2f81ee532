package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.weft.sync.Event;
import io.weft.testing.LogRecorder;
import io.weft.testing.PinsCarriers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A coroutine that cannot be unmounted where it waits does not take its loop with it. */
@PinsCarriers
class PinnedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the class initialisers below do; a class is initialised once, so each has its test. */
    private static Action initialiser = () -> {};

    private final LogRecorder log = LogRecorder.of(LoopWatcher.class);
    private LoopGroup group;
    private Loop loop;

    private static Object initialise() {
        try {
            initialiser.run();
            return "done";
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() {
        group = LoopGroup.create(1);
        loop = group.next();
    }

    private void assumeRelief() {
        assumeThat(group.transport())
                .as("a ring of io_uring belongs to one thread")
                .isNotEqualTo(Transport.IO_URING);
    }

    @AfterEach
    void close() {
        group.close();
        log.close();
    }

    private int reliefs() {
        return loop.carrier().relief().count();
    }

    private static final class WaitsForAnEvent {
        static final Object DONE = initialise();
    }

    @Test
    void waitOfWeftsForAnotherCoroutineOfTheLoop() throws Exception {
        assumeRelief();
        var event = new Event();
        initialiser = event::await;
        var pinned = loop.spawn("pinned", () -> WaitsForAnEvent.DONE);
        var other =
                loop.spawn(
                        () -> {
                            Weft.sleep(Duration.ofMillis(10));
                            event.set();
                            return "set";
                        });
        assertThat(pinned.get(PATIENCE)).isEqualTo("done");
        assertThat(other.get()).isEqualTo("set");
        assertThat(reliefs()).isEqualTo(1);
        assertThat(log.messages())
                .singleElement()
                .asString()
                .contains("'pinned'", "another thread", "WaitsForAnEvent.<clinit>");
    }

    private static final class WaitsForALatch {
        static final Object DONE = initialise();
    }

    @Test
    void waitOfTheJdksForAnotherCoroutineOfTheLoop() throws Exception {
        assumeRelief();
        var latch = new CountDownLatch(1);
        initialiser = latch::await;
        var pinned = loop.spawn(() -> WaitsForALatch.DONE);
        loop.spawn(
                () -> {
                    latch.countDown();
                    return null;
                });
        assertThat(pinned.get(PATIENCE)).isEqualTo("done");
    }

    private static final class WaitsForAMonitor {
        static final Object DONE = initialise();
    }

    @Test
    void waitOnAMonitor() throws Exception {
        assumeRelief();
        var monitor = new Object();
        var told = new boolean[1];
        initialiser =
                () -> {
                    synchronized (monitor) {
                        while (!told[0]) {
                            monitor.wait();
                        }
                    }
                };
        var pinned = loop.spawn(() -> WaitsForAMonitor.DONE);
        loop.spawn(
                () -> {
                    synchronized (monitor) {
                        told[0] = true;
                        monitor.notifyAll();
                    }
                    return null;
                });
        assertThat(pinned.get(PATIENCE)).isEqualTo("done");
    }

    private static final class WaitsForACoroutine {
        static final Object DONE = initialise();
    }

    @Test
    void coroutineAndVirtualThreadOfTheJdksWaitedFor() throws Exception {
        assumeRelief();
        initialiser =
                () -> {
                    assertThat(loop.spawn(() -> "spawned").get()).isEqualTo("spawned");
                    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                        assertThat(threads.submit(() -> "jdk").get()).isEqualTo("jdk");
                    }
                    Weft.sleep(Duration.ofMillis(20));
                };
        assertThat(loop.spawn(() -> WaitsForACoroutine.DONE).get(PATIENCE)).isEqualTo("done");
    }

    private static final class IsWaitedFor {
        static final Object DONE = initialise();
    }

    /** The second waits in the JVM for the class, and so does the thread that has taken over. */
    @Test
    void classThatIsBeingInitialisedTouchedByOthersOfTheLoop() throws Exception {
        assumeRelief();
        var event = new Event();
        initialiser = event::await;
        var touching = new ArrayList<Coroutine<Object>>();
        for (int i = 0; i < 2; i++) {
            touching.add(loop.spawn("toucher " + i, () -> IsWaitedFor.DONE));
        }
        loop.spawn(
                () -> {
                    Weft.sleep(Duration.ofMillis(20));
                    event.set();
                    return null;
                });
        for (var toucher : touching) {
            assertThat(toucher.get(PATIENCE)).isEqualTo("done");
        }
        assertThat(loop.call(() -> "on")).isEqualTo("on");
        assertThat(log.messages()).hasSizeGreaterThan(1);
    }

    private static final class WaitsAgainAndAgain {
        static final Object DONE = initialise();
    }

    private int inside; // plain: of one loop

    private void alone() {
        inside++;
        for (int i = 0; i < 2_000; i++) {
            if (inside != 1) {
                throw new AssertionError("two coroutines of a loop run at once: " + inside);
            }
        }
        inside--;
    }

    @Test
    void twoCoroutinesOfALoopNeverRunAtOnce() throws Exception {
        assumeRelief();
        initialiser =
                () -> {
                    for (int i = 0; i < 5; i++) {
                        Weft.sleep(Duration.ofMillis(1));
                        for (int n = 0; n < 50; n++) {
                            alone();
                        }
                    }
                };
        var pinned = loop.spawn(() -> WaitsAgainAndAgain.DONE);
        var others = new ArrayList<Coroutine<Integer>>();
        for (int i = 0; i < 3; i++) {
            others.add(
                    loop.spawn(
                            () -> {
                                int turns = 0;
                                while (!pinned.isDone()) {
                                    alone();
                                    Weft.yieldNow();
                                    turns++;
                                }
                                return turns;
                            }));
        }
        assertThat(pinned.get(PATIENCE)).isEqualTo("done");
        for (var other : others) {
            assertThat(other.get(PATIENCE)).isPositive();
        }
        assertThat(reliefs()).isEqualTo(5);
    }

    private static final class IsKilled {
        static final Object DONE = initialise();
    }

    @Test
    void killIsHeard() throws Exception {
        assumeRelief();
        initialiser = () -> new Event().await();
        var pinned = loop.spawn(() -> IsKilled.DONE);
        await().atMost(PATIENCE).until(() -> reliefs() == 1);
        pinned.kill();
        assertThat(pinned.join(PATIENCE)).isTrue();
        // an initialiser makes an error of whatever ends it, and an error is the coroutine's own
        assertThat(pinned.exception()).isInstanceOf(ExceptionInInitializerError.class);
    }

    private static final class HasALimit {
        static final Object DONE = initialise();
    }

    @Test
    void limitStrikes() throws Exception {
        assumeRelief();
        var expired = new boolean[1];
        initialiser =
                () -> {
                    try {
                        Timeout.call(Duration.ofMillis(10), () -> new Event());
                        Timeout.call(
                                Duration.ofMillis(10),
                                () -> {
                                    new Event().await();
                                    return null;
                                });
                    } catch (Timeout.Expired e) {
                        expired[0] = true;
                    }
                };
        assertThat(loop.spawn(() -> HasALimit.DONE).get(PATIENCE)).isEqualTo("done");
        assertThat(expired[0]).isTrue();
    }

    private static final class NeverEnds {
        static final Object DONE = initialise();
    }

    @Test
    void loopEndsWithoutWhoIsStuckForEver() throws Exception {
        assumeRelief();
        var end = new CountDownLatch(1);
        initialiser =
                () -> {
                    while (end.getCount() > 0) {
                        LockSupport.park();
                        Thread.interrupted();
                    }
                };
        var pinned = loop.spawn(() -> NeverEnds.DONE);
        await().atMost(PATIENCE).until(() -> reliefs() == 1);
        assertThat(loop.call(() -> "on")).isEqualTo("on");
        group.shutDown(Duration.ZERO);
        assertThat(group.awaitEnd(PATIENCE)).isTrue();
        end.countDown();
        LockSupport.unpark(pinned.thread());
        pinned.thread().join();
    }

    private static final class Goes {
        static final Object DONE = initialise();
    }

    @Test
    void whoGoesOnBesideTheLoopEndsAsOneOfIts() throws Exception {
        assumeRelief();
        var latch = new CountDownLatch(1);
        initialiser = latch::await;
        var pinned =
                loop.spawn(
                        () -> {
                            Object done = Goes.DONE;
                            return List.of(done, Coroutine.current(), loop.isCurrent());
                        });
        await().atMost(PATIENCE).until(() -> reliefs() == 1);
        latch.countDown();
        assertThat(pinned.get(PATIENCE)).containsExactly("done", pinned, true);
        await().atMost(PATIENCE).until(() -> loop.call(loop::coroutineCount) == 1);
    }

    @Test
    void spinAfterALimitIsStopped() throws Exception {
        var ready = new boolean[1];
        var spinning =
                loop.spawn(
                        "spinner",
                        () ->
                                Timeout.callOr(
                                        Duration.ofMillis(10),
                                        "late",
                                        () -> {
                                            while (!ready[0]) {
                                                LockSupport.parkNanos(1_000_000);
                                            }
                                            return "ready";
                                        }));
        var other =
                loop.spawn(
                        () -> {
                            while (spinning.thread() == null
                                    || !spinning.thread().isInterrupted()) {
                                Weft.sleep(Duration.ofMillis(1));
                            }
                            return "never"; // the spinner holds the loop
                        });
        await().atMost(PATIENCE).until(() -> !log.messages().isEmpty());
        assertThat(log.messages()).singleElement().asString().contains("'spinner' spun");
        other.kill();
        ready[0] = loop.call(() -> true);
        assertThat(spinning.get(PATIENCE)).isEqualTo("ready");
    }

    @Test
    void killThatMadeItSpinIsHeardAtTheNextCallOfWeft() throws Exception {
        var ready = new boolean[1];
        var spinning =
                loop.spawn(
                        () -> {
                            while (!ready[0]) {
                                LockSupport.parkNanos(1_000_000);
                            }
                            Weft.sleep(Duration.ofSeconds(100));
                            return "slept";
                        });
        spinning.kill();
        await().atMost(PATIENCE).until(() -> !log.messages().isEmpty());
        ready[0] = loop.call(() -> true);
        assertThatThrownBy(() -> spinning.get(PATIENCE)).isInstanceOf(CancellationException.class);
    }
}
