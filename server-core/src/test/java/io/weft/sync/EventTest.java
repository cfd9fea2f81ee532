package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.Crowd;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A flag wakes all who wait for it, in order, and once. */
class EventTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final Event event = new Event();
    private final List<String> log = new ArrayList<>();

    @Test
    void awaitReturnsAtOnceWhenSet() throws Exception {
        assertThat(event.isSet()).isFalse();
        event.set();
        assertThat(event.isSet()).isTrue();
        event.await();
        assertThat(event.await(LONG)).isTrue();
        assertThat(event.await(Duration.ZERO)).isTrue();
    }

    @Test
    void timeThatIsOverIsFalse() throws Exception {
        assertThat(event.await(SHORT)).isFalse();
        assertThat(event.await(Duration.ZERO)).isFalse();
        assertThat(Weft.<Boolean>run(() -> event.await(SHORT))).isFalse();
        assertThat(event.statistics()).isEqualTo(new Event.Statistics(false, 0));
    }

    @Test
    void waitersAreWokenInTheOrderInWhichTheyCame() throws Exception {
        Weft.run(
                () -> {
                    for (int i = 0; i < 5; i++) {
                        var name = "waiter " + i;
                        Weft.spawn(() -> awaitAndLog(name));
                    }
                    Weft.yieldNow();
                    assertThat(event.statistics()).isEqualTo(new Event.Statistics(false, 5));
                    event.set();
                    Weft.yieldNow();
                });
        assertThat(log).containsExactly("waiter 0", "waiter 1", "waiter 2", "waiter 3", "waiter 4");
    }

    @Test
    void setAndClearStillWakesAllWhoWereWaiting() throws Exception {
        Weft.run(
                () -> {
                    var waiters =
                            List.of(
                                    Weft.spawn(() -> event.await(LONG)),
                                    Weft.spawn(() -> event.await(LONG)));
                    Weft.yieldNow();
                    event.set();
                    event.clear();
                    var late = Weft.spawn(() -> event.await());
                    for (var waiter : waiters) {
                        assertThat(waiter.get()).isTrue();
                    }
                    Weft.yieldNow();
                    assertThat(late.isDone()).isFalse();
                    late.kill();
                });
    }

    @Test
    void killedWaiterLeavesNothing() throws Exception {
        Weft.run(
                () -> {
                    var killed = Weft.spawn(() -> event.await());
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    assertThat(killed.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(event.statistics().waiting()).isZero();
                });
    }

    @Test
    void wakesAcrossLoopsAndFromTheHub() throws Exception {
        try (var group = LoopGroup.create(2)) {
            var waiter = group.loops().get(0).spawn(() -> event.await(LONG));
            Threads.awaitParked(waiter);
            group.loops().get(1).eventLoop().execute(event::set);
            assertThat(waiter.get()).isTrue();
            event.await(); // a plain thread
        }
    }

    @Test
    void hubMayNotWait() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var hub = group.next().eventLoop();
            var refused =
                    hub.submit(
                            () -> {
                                event.await();
                                return null;
                            });
            assertThatThrownBy(refused::get)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would block the hub");
        }
    }

    /** Waiters of all kinds, and a setter that clears at once: nobody who waited is forgotten. */
    @Test
    void noSetIsLostBetweenLoopsAndThreads() throws Exception {
        int members = 8;
        var events = Stream.generate(Event::new).limit(200).toList(); // a new one for each round
        var passed = new AtomicInteger();
        try (var crowd = new Crowd(new SplittableRandom(1))) {
            for (int i = 0; i < members; i++) {
                crowd.join(
                        "waiter " + i,
                        () -> {
                            for (Event next : events) {
                                next.await();
                                passed.incrementAndGet();
                            }
                        });
            }
            int expected = 0;
            for (Event next : events) {
                crowd.awaitThat("all wait", () -> next.statistics().waiting() == members, passed);
                next.set();
                next.clear();
                int all = expected += members;
                crowd.awaitThat("all pass", () -> passed.get() == all, passed);
            }
            crowd.awaitAll(passed);
        }
    }

    private void awaitAndLog(String line) throws InterruptedException {
        event.await();
        log.add(line);
    }
}
