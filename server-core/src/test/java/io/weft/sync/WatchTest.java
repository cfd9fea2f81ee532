package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.LoopGroup;
import io.weft.Select;
import io.weft.Selectable;
import io.weft.Weft;
import io.weft.queue.Queue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/** Events, results and semaphores as things to wait for beside others. */
class WatchTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Event event = new Event();
    private final AsyncResult<String> result = new AsyncResult<>();
    private final Semaphore semaphore = new Semaphore(0);
    private final List<Selectable> all = List.of(event, result, semaphore, new Queue<String>());

    enum Kind {
        EVENT {
            @Override
            Selectable makeReady(WatchTest test) {
                test.event.set();
                return test.event;
            }
        },
        VALUE {
            @Override
            Selectable makeReady(WatchTest test) {
                test.result.set("value");
                return test.result;
            }
        },
        FAILURE {
            @Override
            Selectable makeReady(WatchTest test) {
                test.result.setException(new IllegalStateException("failed"));
                return test.result;
            }
        },
        PERMIT {
            @Override
            Selectable makeReady(WatchTest test) {
                test.semaphore.release();
                return test.semaphore;
            }
        };

        abstract Selectable makeReady(WatchTest test);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadyIsSeenAtOnce(Kind kind) throws Exception {
        Weft.run(
                () -> {
                    assertThat(Select.tryAny(all)).isEmpty();
                    Selectable source = kind.makeReady(this);
                    assertThat(Select.tryAny(all)).containsExactly(source);
                    assertThat(Select.any(all)).containsExactly(source);
                });
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsIsWokenByTheFirstThatGetsReady(Kind kind) throws Exception {
        Weft.run(
                () -> {
                    var waiter = Weft.spawn(() -> Select.any(all));
                    Weft.yieldNow();
                    assertThat(waiter.isDone()).isFalse();
                    Selectable source = kind.makeReady(this);
                    assertThat(waiter.get(LONG)).isEqualTo(List.of(source));
                });
    }

    @ParameterizedTest
    @EnumSource
    void isHeardOfOnAnotherLoop(Kind kind) throws Exception {
        try (var group = LoopGroup.create(2)) {
            var waiter = group.loops().get(0).spawn(() -> Select.any(all, LONG));
            Selectable source = group.loops().get(1).call(() -> kind.makeReady(this));
            assertThat(waiter.get(LONG)).isEqualTo(List.of(source));
        }
    }

    @Test
    void nothingIsReadyWithinTheTime() throws Exception {
        Weft.run(() -> assertThat(Select.any(all, SHORT)).isEmpty());
    }

    /** It was told to look, which is no claim on the permit. */
    @Test
    void permitGoesToWhoWaitsForIt() throws Exception {
        Weft.run(
                () -> {
                    var watcher = Weft.spawn(() -> Select.any(all));
                    var acquirer = Weft.spawn(() -> semaphore.acquire());
                    Weft.yieldNow();
                    semaphore.release();
                    acquirer.join();
                    Weft.yieldNow();
                    assertThat(watcher.isDone()).isFalse();
                    semaphore.release();
                    assertThat(watcher.get(LONG)).isEqualTo(List.of(semaphore));
                    assertThat(semaphore.available()).isEqualTo(1);
                });
    }

    @Test
    void whoNoLongerWatchesIsNotTold() {
        var told = new StringBuilder();
        Runnable watcher = () -> told.append("told ");
        for (Selectable source : all) {
            source.watch(watcher);
            source.unwatch(watcher);
            source.unwatch(watcher);
        }
        for (Kind kind : Kind.values()) {
            kind.makeReady(this);
        }
        assertThat(told).isEmpty();
        event.watch(watcher);
        assertThat(told).hasToString("told ");
    }
}
