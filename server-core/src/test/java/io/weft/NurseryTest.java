package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Coroutine.State;
import io.weft.testing.LogRecorder;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** The block form: children end with their block, which hears of their failures at its end. */
class NurseryTest extends TwoLoops {
    @Test
    void closeWaitsForAllChildren() throws Exception {
        loop.call(
                () -> {
                    Coroutine<String> child;
                    try (var nursery = Nursery.open()) {
                        child =
                                nursery.spawn(
                                        () -> {
                                            Weft.yieldNow();
                                            Weft.yieldNow();
                                            return "done";
                                        });
                        assertThat(child.loop()).isSameAs(loop);
                    }
                    assertThat(child.value()).isEqualTo("done");
                    return null;
                });
    }

    @Test
    void aNurseryWithoutChildrenEndsAtOnce() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        nursery.join();
                    }
                    return null;
                });
    }

    @Test
    void valuesCanBeHadAfterJoinWhichMayBeCalledAgain() throws Exception {
        String both =
                loop.call(
                        () -> {
                            try (var nursery = Nursery.open()) {
                                var one = nursery.spawn(() -> "a");
                                nursery.join();
                                var two = nursery.spawn(() -> one.get() + "b");
                                nursery.join();
                                return two.get();
                            }
                        });
        assertThat(both).isEqualTo("ab");
    }

    @Test
    void theFirstFailureCancelsTheOthersAndIsThrown() throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    var nursery = Nursery.open();
                    children.add(nursery.spawn(TwoLoops::sleepForEver));
                    children.add(nursery.spawn(() -> fail("broken")));
                    children.add(nursery.spawn(TwoLoops::sleepForEver));
                    assertThatThrownBy(nursery::close)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isInstanceOf(IOException.class)
                            .hasMessage("broken");
                    assertThat(nursery.isCancelled()).isTrue();
                    assertThat(children)
                            .extracting(Coroutine::state)
                            .containsExactly(State.KILLED, State.FAILED, State.KILLED);
                    return null;
                });
    }

    @Test
    void otherFailuresAreSuppressed() throws Exception {
        loop.call(
                () -> {
                    var nursery = Nursery.open();
                    nursery.spawn(
                            () -> {
                                try {
                                    return sleepForEver();
                                } finally {
                                    killsNot();
                                }
                            });
                    Weft.yieldNow();
                    nursery.spawn(() -> fail("first"));
                    Throwable thrown = catchThrowable(nursery::close);
                    assertThat(thrown).hasRootCauseMessage("first");
                    assertThat(thrown.getSuppressed())
                            .singleElement()
                            .isInstanceOf(AssertionError.class);
                    return null;
                });
    }

    private static void killsNot() {
        throw new AssertionError("an error is a failure, killed or not");
    }

    @Test
    void whatACancelledChildEndsWithIsNoFailure() throws Exception {
        loop.call(
                () -> {
                    var nursery = Nursery.open();
                    nursery.spawn(
                            () -> {
                                try {
                                    return sleepForEver();
                                } catch (InterruptedException e) {
                                    throw new IOException("of the kill", e);
                                }
                            });
                    Weft.yieldNow();
                    nursery.spawn(() -> fail("first"));
                    assertThat(catchThrowable(nursery::close).getSuppressed()).isEmpty();
                    return null;
                });
    }

    @Test
    void aFailureIsNotReportedInTheLogAsWell() throws Exception {
        try (var log = LogRecorder.of(Coroutine.class)) {
            loop.call(
                    () -> {
                        var nursery = Nursery.open();
                        nursery.spawn(() -> fail("broken"));
                        assertThatThrownBy(nursery::close).hasRootCauseMessage("broken");
                        return null;
                    });
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void oneExceptionOfTwoChildrenIsThrownOnce() throws Exception {
        var same = new IOException("of both");
        loop.call(
                () -> {
                    var nursery = Nursery.open(group);
                    var both = new CountDownLatch(2);
                    for (int i = 0; i < 2; i++) {
                        nursery.spawn(
                                () -> {
                                    both.countDown();
                                    awaitUninterruptibly(both);
                                    throw same;
                                });
                    }
                    Throwable thrown = catchThrowable(nursery::close);
                    assertThat(thrown).hasCause(same);
                    assertThat(thrown.getSuppressed()).isEmpty();
                    return null;
                });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void joinThrowsTheFailureAndCloseDoesNotSayItAgain() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        var child = nursery.spawn(() -> fail("broken"));
                        assertThatThrownBy(nursery::join)
                                .isInstanceOf(ExecutionException.class)
                                .hasMessage(child + " failed")
                                .hasRootCauseMessage("broken");
                    }
                    return null;
                });
    }

    @Test
    void joinWithATimeLeavesTheChildrenToGoOn() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        var child = nursery.spawn(TwoLoops::sleepForEver);
                        assertThat(nursery.join(Duration.ZERO)).isFalse();
                        clock.advance(Duration.ofSeconds(1));
                        assertThat(nursery.join(Duration.ofSeconds(0))).isFalse();
                        assertThat(child.isDone()).isFalse();
                        nursery.cancel();
                        assertThat(nursery.join(FOR_EVER)).isTrue();
                    }
                    return null;
                });
    }

    @Test
    void aFailureOfAnInnerNurseryIsOneOfItsOwnersToo() throws Exception {
        loop.call(
                () -> {
                    var outer = Nursery.open();
                    var sibling = outer.spawn(TwoLoops::sleepForEver);
                    outer.spawn(
                            () -> {
                                try (var inner = Nursery.open()) {
                                    inner.spawn(() -> fail("deep"));
                                }
                            });
                    assertThatThrownBy(outer::close)
                            .hasCauseInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("deep");
                    assertThat(sibling.state()).isEqualTo(State.KILLED);
                    return null;
                });
    }

    @Test
    void aChildMaySpawnWhileTheOwnerWaits() throws Exception {
        loop.call(
                () -> {
                    var grown = new ArrayList<Coroutine<?>>();
                    try (var nursery = Nursery.open(group)) {
                        nursery.spawn(
                                () -> {
                                    Weft.yieldNow();
                                    grown.add(nursery.spawn(() -> "grown"));
                                });
                    }
                    assertThat(grown.getFirst().value()).isEqualTo("grown");
                    return null;
                });
    }

    @Test
    void spawnAfterCloseIsRefused() throws Exception {
        loop.call(
                () -> {
                    var nursery = Nursery.open();
                    nursery.close();
                    nursery.close();
                    assertThatThrownBy(() -> nursery.spawn(() -> {}))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage(
                                    "nursery of %s is closed: what it starts must end before its"
                                            + " block does",
                                    Coroutine.current());
                    return null;
                });
    }

    @Test
    void onlyTheOwnerJoinsAndCloses() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        var child =
                                nursery.spawn(
                                        () -> {
                                            assertThatThrownBy(nursery::join)
                                                    .isInstanceOf(IllegalStateException.class)
                                                    .hasMessageContaining("owner alone");
                                            assertThatThrownBy(nursery::close)
                                                    .isInstanceOf(IllegalStateException.class)
                                                    .hasMessageContaining("owner alone");
                                        });
                        nursery.join();
                        assertThat(child.isSuccessful()).isTrue();
                        nursery.spawn(() -> {}); // it is still open
                    }
                    return null;
                });
    }

    @Test
    void anExceptionOfTheBlockIsThrownWhenTheChildrenHaveEnded() throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    Throwable thrown =
                            catchThrowable(
                                    () -> {
                                        try (var nursery = Nursery.open()) {
                                            children.add(nursery.spawn(Weft::yieldNow));
                                            nursery.spawn(() -> fail("child"));
                                            fail("block");
                                        }
                                    });
                    assertThat(thrown).isInstanceOf(IOException.class).hasMessage("block");
                    assertThat(thrown.getSuppressed())
                            .singleElement()
                            .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE)
                            .hasRootCauseMessage("child");
                    assertThat(children.getFirst().isDone()).isTrue();
                    return null;
                });
    }

    @Test
    void overAGroupItsLoopsTakeTurns() throws Exception {
        loop.call(
                () -> {
                    var places = new ArrayList<Loop>();
                    try (var nursery = Nursery.open(group)) {
                        var one = nursery.spawn(Loop::current);
                        var two = nursery.spawn(Loop::current);
                        nursery.join();
                        places.addAll(List.of(one.get(), two.get()));
                    }
                    assertThat(places).containsExactlyInAnyOrderElementsOf(group.loops());
                    return null;
                });
    }

    @Test
    void aPlainThreadMayOwnOne() throws Exception {
        Coroutine<Loop> child;
        try (var nursery = Nursery.open(group)) {
            child = nursery.spawn(Loop::current);
            nursery.spawn(() -> fail("broken"));
            assertThatThrownBy(nursery::join).hasRootCauseMessage("broken");
            assertThat(nursery.toString()).contains(Thread.currentThread().getName());
        }
        assertThat(child.loop().group()).isSameAs(group);
        try (var nursery = Nursery.open()) {
            assertThat(nursery.spawn(Loop::current).get().group()).isSameAs(LoopGroup.shared());
        }
    }

    @Test
    void anInterruptOfAPlainOwnerIsItsKill() throws Exception {
        try (var nursery = Nursery.open(group)) {
            var child = nursery.spawn(TwoLoops::sleepForEver);
            Thread.currentThread().interrupt();
            assertThatThrownBy(nursery::join).isInstanceOf(InterruptedException.class);
            assertThat(child.state()).isEqualTo(State.KILLED);
        }
        assertThat(Thread.interrupted()).isFalse();
        var nursery = Nursery.open(group);
        nursery.spawn(TwoLoops::sleepForEver);
        Thread.currentThread().interrupt();
        assertThatThrownBy(nursery::close).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theHubOwnsNone() {
        var refused = new java.util.concurrent.CompletableFuture<Throwable>();
        loop.eventLoop().execute(() -> refused.complete(catchThrowable(Nursery::open)));
        assertThat(refused.join()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aChildOfALoopThatHasEndedEndsToo() throws Exception {
        var gone = clock.group(1);
        gone.close();
        try (var nursery = Nursery.open(gone)) {
            var child = nursery.spawn(() -> "never");
            nursery.join();
            assertThat(child.state()).isEqualTo(State.KILLED);
        }
    }

    @Test
    void childrenEndWithTheLoopsTheyRunOn() throws Exception {
        var going = clock.group(1);
        try (var nursery = Nursery.open(going)) {
            var child = nursery.spawn(TwoLoops::sleepForEver);
            Awaitility.await().until(() -> going.next().call(going.next()::coroutineCount) > 1);
            going.close();
            nursery.join();
            assertThat(child.state()).isEqualTo(State.KILLED);
        }
    }
}
