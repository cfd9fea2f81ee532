package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine.State;
import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A loop ends in the time that it was given, and whoever waits for its coroutines is told. */
class GivenUpTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void loopThatIsShutDownTwiceKillsOnceAndKeepsItsGrace() throws Exception {
        var kills = new ArrayList<String>();
        var finished = new CompletableFuture<String>();
        var coroutine =
                loop.spawn(
                        () -> {
                            try {
                                return Block.SLEEP.call();
                            } catch (InterruptedException e) {
                                kills.add("once");
                                Weft.yieldNow();
                                finished.complete("in peace");
                                throw e;
                            }
                        });
        Threads.awaitParked(coroutine);
        group.shutDown(Duration.ofDays(1));
        group.shutDown(Duration.ZERO);
        coroutine.join();
        assertThat(finished.get()).isEqualTo("in peace");
        assertThat(kills).hasSize(1);
    }

    /** It is the link that is given up, and those behind it are still called. */
    @Test
    void outcomeStaysWhenALinkNeverEnds() throws Exception {
        try (var log = LogRecorder.of(Loop.class);
                var own = LoopGroup.create(1)) {
            var linked = new CountDownLatch(1);
            var told = new CompletableFuture<State>();
            var coroutine = new Coroutine<>(own.next(), null, () -> 42);
            coroutine.link(
                    _ -> {
                        linked.countDown();
                        yieldForEver(() -> {});
                    });
            coroutine.link(ended -> told.complete(ended.state()));
            coroutine.start();
            linked.await();
            own.shutDown(Duration.ZERO);
            assertThat(own.awaitEnd(Duration.ofSeconds(30))).isTrue();
            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(State.SUCCEEDED);
            assertThat(coroutine.get()).isEqualTo(42);
            assertThat(log.messages())
                    .anyMatch(message -> message.contains("go on after their kill"));
        }
    }

    @Test
    void whoHasYetToBeginAsItsLoopGivesOthersUpIsTold() throws Exception {
        try (var log = LogRecorder.of(Loop.class);
                var own = LoopGroup.create(1)) {
            var started = new CountDownLatch(1);
            var last = new AtomicReference<Coroutine<?>>();
            var endless =
                    own.spawn(
                            () -> {
                                started.countDown();
                                yieldForEver(() -> last.set(own.next().spawn(() -> null)));
                                return null;
                            });
            started.await();
            own.shutDown(Duration.ZERO);
            assertThat(own.awaitEnd(Duration.ofSeconds(30))).isTrue();
            assertThat(endless.join(Duration.ofSeconds(30))).isTrue();
            assertThat(last.get().join(Duration.ofSeconds(30))).isTrue();
            assertThat(log.messages())
                    .anyMatch(message -> message.contains("go on after their kill"));
        }
    }

    @Test
    void whoSwallowsItsKillsAndYieldsDoesNotKeepTheLoop() throws Exception {
        try (var log = LogRecorder.of(Loop.class);
                var own = LoopGroup.create(1)) {
            var started = new CountDownLatch(1);
            var endless =
                    own.spawn(
                            () -> {
                                started.countDown();
                                yieldForEver(() -> {});
                                return null;
                            });
            started.await();
            own.shutDown(Duration.ZERO);
            assertThat(own.awaitEnd(Duration.ofSeconds(30))).isTrue();
            endless.join();
            assertThat(endless.state()).isEqualTo(State.KILLED);
            assertThat(log.messages())
                    .anyMatch(message -> message.contains("go on after their kill"));
        }
    }

    private static void yieldForEver(Runnable eachTime) {
        while (true) {
            try {
                eachTime.run();
                Weft.yieldNow();
            } catch (InterruptedException e) {
                // goes on
            }
        }
    }
}
