package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.Promise;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Futures of Netty and of the JDK, waited for in a coroutine and on a plain thread. */
class AwaitTest {
    private static final long SOON_MILLIS = 5;
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final LoopGroup group = LoopGroup.create(2);
    private final Loop loop = group.loops().get(0);
    private final Loop otherLoop = group.loops().get(1);

    /** Where the caller waits. */
    enum On {
        COROUTINE,
        PLAIN_THREAD
    }

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void valueOfANettyFuture(On on) throws Exception {
        Promise<String> done = loop.eventLoop().newPromise();
        done.setSuccess("now");
        assertThat(call(on, () -> Weft.await(done))).isEqualTo("now");

        for (var its : group.loops()) {
            var later = its.eventLoop().schedule(() -> "later", SOON_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(call(on, () -> Weft.await(later))).isEqualTo("later");
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureOfANettyFuture(On on) {
        var broken = new IOException("broken");
        Promise<String> failed = otherLoop.eventLoop().newPromise();
        var _ =
                otherLoop
                        .eventLoop()
                        .schedule(
                                () -> failed.tryFailure(broken),
                                SOON_MILLIS,
                                TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> call(on, () -> Weft.await(failed)))
                .isInstanceOf(ExecutionException.class)
                .hasCause(broken);
    }

    @ParameterizedTest
    @EnumSource
    void cancellationOfANettyFuture(On on) {
        Promise<String> cancelled = loop.eventLoop().newPromise();
        cancelled.cancel(false);
        assertThatThrownBy(() -> call(on, () -> Weft.await(cancelled)))
                .isInstanceOf(CancellationException.class);
    }

    @ParameterizedTest
    @EnumSource
    void valueOfAStage(On on) throws Exception {
        assertThat(call(on, () -> Weft.await(CompletableFuture.completedStage("now"))))
                .isEqualTo("now");
        var later =
                CompletableFuture.supplyAsync(
                        () -> "later",
                        CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS));
        assertThat(call(on, () -> Weft.await(later))).isEqualTo("later");
    }

    @ParameterizedTest
    @EnumSource
    void failureOfAStage(On on) {
        var broken = new IOException("broken");
        assertThatThrownBy(() -> call(on, () -> Weft.await(CompletableFuture.failedStage(broken))))
                .isInstanceOf(ExecutionException.class)
                .hasCause(broken);
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsTheWaitButNotTheFuture(On on) throws Exception {
        Promise<String> promise = loop.eventLoop().newPromise();
        var future = new CompletableFuture<String>();
        Callable<String> wait =
                () -> {
                    assertInterrupted(() -> Weft.await(promise));
                    assertInterrupted(() -> Weft.await(future));
                    return "waited";
                };
        assertThat(call(on, wait)).isEqualTo("waited");
        assertThat(promise.isDone()).isFalse();
        assertThat(future.isDone()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void valueThatComesWithinTheTime(On on) throws Exception {
        var promise =
                otherLoop.eventLoop().schedule(() -> "soon", SOON_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(call(on, () -> Weft.await(promise, LONG))).isEqualTo("soon");
        var future =
                CompletableFuture.supplyAsync(
                        () -> "soon",
                        CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS));
        assertThat(call(on, () -> Weft.await(future, LONG))).isEqualTo("soon");
        assertThat(call(on, () -> Weft.await(future, Duration.ZERO))).isEqualTo("soon");
        assertThatThrownBy(
                        () ->
                                Weft.await(
                                        CompletableFuture.failedStage(new IOException("broken")),
                                        LONG))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("broken");
    }

    @ParameterizedTest
    @EnumSource
    void timeThatIsOverFirstEndsTheWaitButNotTheFuture(On on) throws Exception {
        Promise<String> promise = loop.eventLoop().newPromise();
        var future = new CompletableFuture<String>();
        for (Duration limit : List.of(Duration.ZERO, SHORT)) {
            assertThatThrownBy(() -> call(on, () -> Weft.await(promise, limit)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("was not done within " + limit);
            assertThatThrownBy(() -> call(on, () -> Weft.await(future, limit)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("was not done within " + limit);
        }
        promise.setSuccess("late");
        future.complete("late");
        assertThat(call(on, () -> Weft.await(promise, SHORT))).isEqualTo("late");
        assertThat(call(on, () -> Weft.await(future, SHORT))).isEqualTo("late");
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpLeavesNothingBehind(On on) throws Exception {
        var promise = new CountingPromise(loop.eventLoop());
        var future = new CompletableFuture<String>();
        Callable<String> wait =
                () -> {
                    assertThatThrownBy(() -> Weft.await(promise, SHORT))
                            .isInstanceOf(TimeoutException.class);
                    assertThatThrownBy(() -> Weft.await(future, SHORT))
                            .isInstanceOf(TimeoutException.class);
                    assertInterrupted(() -> Weft.await(promise));
                    assertInterrupted(() -> Weft.await(future));
                    return "waited";
                };
        for (int i = 0; i < 10; i++) {
            assertThat(call(on, wait)).isEqualTo("waited");
        }
        assertThat(promise.listeners.get()).isZero();
        assertThat(future.getNumberOfDependents()).isZero();
        assertThat(loop.<Integer>call(loop::timerCount)).isZero();
    }

    private static void assertInterrupted(ThrowingCallable wait) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(wait).isInstanceOf(InterruptedException.class);
    }

    private static final class CountingPromise extends DefaultPromise<String> {
        final AtomicInteger listeners = new AtomicInteger();

        CountingPromise(EventExecutor executor) {
            super(executor);
        }

        @Override
        public Promise<String> addListener(
                GenericFutureListener<? extends Future<? super String>> listener) {
            listeners.incrementAndGet();
            return super.addListener(listener);
        }

        @Override
        public Promise<String> removeListener(
                GenericFutureListener<? extends Future<? super String>> listener) {
            listeners.decrementAndGet();
            return super.removeListener(listener);
        }
    }

    @Test
    void limitIsToldApart() throws Exception {
        Promise<String> promise = loop.eventLoop().newPromise();
        String value =
                loop.call(
                        () ->
                                Timeout.callOr(
                                        Duration.ofMillis(SOON_MILLIS),
                                        "late",
                                        () -> Weft.await(promise)));
        assertThat(value).isEqualTo("late");
    }

    private String call(On on, Callable<String> body) throws Exception {
        return on == On.COROUTINE ? loop.call(body) : body.call();
    }
}
