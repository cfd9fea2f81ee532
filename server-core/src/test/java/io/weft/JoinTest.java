package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/** Join and get wait for a coroutine's end, from wherever they are called. */
class JoinTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.loops().get(0);

    /** Who waits. */
    enum From {
        THE_SAME_LOOP,
        ANOTHER_LOOP,
        A_PLAIN_THREAD,
        A_VIRTUAL_THREAD_OF_THE_JDK
    }

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void waitsForTheEnd(From from) throws Exception {
        var go = new CountDownLatch(1);
        var coroutine = loop.spawn(() -> afterwards(go, "value"));
        call(
                from,
                () -> {
                    assertThat(coroutine.join(Duration.ZERO)).isFalse();
                    assertThat(coroutine.join(SHORT)).isFalse();
                    go.countDown();
                    coroutine.join();
                    assertThat(coroutine.isDone()).isTrue();
                    assertThat(coroutine.join(SHORT)).isTrue();
                    assertThat(coroutine.get()).isEqualTo("value");
                    assertThat(coroutine.value()).isEqualTo("value");
                    return null;
                });
    }

    @ParameterizedTest
    @EnumSource
    void getSaysHowLongItHasWaited(From from) throws Exception {
        var go = new CountDownLatch(1);
        var coroutine = loop.spawn("slow", () -> afterwards(go, "value"));
        call(
                from,
                () -> {
                    assertThatThrownBy(() -> coroutine.get(SHORT))
                            .isInstanceOf(TimeoutException.class)
                            .hasMessage(coroutine + " has not ended within PT0.005S");
                    assertThat(coroutine.value()).isNull();
                    assertThat(coroutine.exception()).isNull();
                    go.countDown();
                    assertThat(coroutine.get(Duration.ofSeconds(30))).isEqualTo("value");
                    return null;
                });
    }

    @ParameterizedTest
    @EnumSource
    void getRethrowsWithTheTracesOfBothSides(From from) throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            var coroutine = loop.spawn("broken", JoinTest::breakDown);
            call(
                    from,
                    () -> {
                        var thrown = catchThrowable(() -> waitForIt(coroutine));
                        assertThat(thrown)
                                .isInstanceOf(ExecutionException.class)
                                .hasMessage(coroutine + " failed")
                                .hasCauseInstanceOf(IOException.class);
                        assertThat(methods(thrown)).contains("waitForIt");
                        assertThat(methods(thrown.getCause())).contains("breakDown");
                        assertThat(coroutine.exception()).isSameAs(thrown.getCause());
                        assertThat(coroutine.isSuccessful()).isFalse();
                        return null;
                    });
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void allWhoWaitAreWokenInTheirOrder() throws Exception {
        var order = new ArrayList<Integer>();
        loop.call(
                () -> {
                    var awaited = Weft.spawn(() -> Weft.sleep(SHORT));
                    var joiners = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 10; i++) {
                        int number = i;
                        joiners.add(
                                Weft.spawn(
                                        () -> {
                                            awaited.join();
                                            order.add(number);
                                        }));
                    }
                    for (var joiner : joiners) {
                        joiner.join();
                    }
                    return null;
                });
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void whoGivesUpIsNotMissed() throws Exception {
        var go = new CountDownLatch(1);
        loop.call(
                () -> {
                    var awaited = Weft.spawn(() -> afterwards(go, "value"));
                    var impatient = Weft.spawn(() -> awaited.join(SHORT));
                    var killed = Weft.spawn(() -> awaited.join());
                    var patient = Weft.spawn(() -> awaited.join());
                    assertThat(impatient.get()).isFalse();
                    killed.kill();
                    killed.join();
                    assertThat(killed.state()).isEqualTo(Coroutine.State.KILLED);
                    go.countDown();
                    patient.join();
                    assertThat(awaited.isDone()).isTrue();
                    return null;
                });
    }

    @Test
    void ofANewOneWaitsForItsStartToo() throws Exception {
        var coroutine = new Coroutine<>(loop, "later", () -> "value");
        var joiner = loop.spawn(() -> coroutine.get());
        Threads.awaitParked(joiner);
        assertThat(coroutine.state()).isEqualTo(Coroutine.State.NEW);
        coroutine.start();
        assertThat(joiner.get()).isEqualTo("value");
    }

    @Test
    void refusesANegativeTime() {
        var coroutine = new Coroutine<>(loop, "new", () -> "value");
        assertThatThrownBy(() -> coroutine.join(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
    }

    private static String afterwards(CountDownLatch latch, String value) throws Exception {
        latch.await();
        return value;
    }

    private static String breakDown() throws IOException {
        throw new IOException("broken");
    }

    private static void waitForIt(Coroutine<?> coroutine) throws Exception {
        coroutine.get();
    }

    private static List<String> methods(Throwable e) {
        return List.of(e.getStackTrace()).stream().map(StackTraceElement::getMethodName).toList();
    }

    private void call(From from, Callable<Void> body) throws Exception {
        switch (from) {
            case THE_SAME_LOOP -> loop.call(body);
            case ANOTHER_LOOP -> group.loops().get(1).call(body);
            case A_PLAIN_THREAD -> body.call();
            case A_VIRTUAL_THREAD_OF_THE_JDK -> {
                try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    executor.submit(body).get();
                }
            }
        }
    }
}
