package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine.State;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;

/** What strikes the owner of a nursery, its children, or all of it. */
class NurseryStrikeTest extends TwoLoops {
    @Test
    void aLimitInsideTheBlockEndsTheJoinAlone() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        var child = nursery.spawn(TwoLoops::sleepForEver);
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ZERO,
                                                        () -> {
                                                            nursery.join();
                                                            return null;
                                                        }))
                                .isInstanceOf(Timeout.Expired.class);
                        Weft.yieldNow();
                        assertThat(child.isDone()).isFalse();
                        assertThat(nursery.isCancelled()).isFalse();
                        nursery.cancel();
                    }
                    return null;
                });
    }

    @Test
    void aKillOfTheOwnerReachesAllAndIsWhatJoinThrows() throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    var owner =
                            loop.spawn(
                                    () -> {
                                        try (var nursery = Nursery.open(group)) {
                                            for (int i = 0; i < 4; i++) {
                                                children.add(nursery.spawn(TwoLoops::sleepForEver));
                                            }
                                            nursery.join();
                                        }
                                        return null;
                                    });
                    Weft.yieldNow();
                    owner.kill();
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    assertThat(owner.exception())
                            .isInstanceOf(InterruptedException.class)
                            .hasMessage(owner + " was killed")
                            .hasNoSuppressedExceptions();
                    assertThat(children).extracting(Coroutine::state).containsOnly(State.KILLED);
                    return null;
                });
    }

    @Test
    void aKillReachesTheChildrenOfAnOwnerThatOnlyComputes() throws Exception {
        loop.call(
                () -> {
                    var owner =
                            loop.spawn(
                                    () -> {
                                        try (var nursery = Nursery.open(group)) {
                                            nursery.spawn(() -> null);
                                            var far = nursery.spawn(TwoLoops::sleepForEver);
                                            Coroutine.current().kill();
                                            loop.hub(); // no blocking call
                                            assertThat(nursery.isCancelled()).isTrue();
                                            while (!far.isDone()) {
                                                Thread.yield(); // hears nothing
                                            }
                                        }
                                        return null;
                                    });
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    assertThat(owner.exception()).isInstanceOf(CancellationException.class);
                    return null;
                });
    }

    @Test
    void closeThatIsInterruptedHandsTheKillOn() throws Exception {
        loop.call(
                () -> {
                    var owner =
                            loop.spawn(
                                    () -> {
                                        try (var nursery = Nursery.open()) {
                                            nursery.spawn(TwoLoops::sleepForEver);
                                        } catch (CancellationException e) {
                                            Weft.yieldNow();
                                        }
                                        return "not here";
                                    });
                    Weft.yieldNow();
                    owner.kill();
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    assertThat(owner.exception()).hasMessage(owner + " was killed");
                    return null;
                });
    }

    @Test
    void aLimitAroundItReachesAllAndIsWhatTheBlockEndsWith() throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ZERO,
                                                    () -> {
                                                        try (var nursery = Nursery.open(group)) {
                                                            children.add(
                                                                    nursery.spawn(
                                                                            TwoLoops
                                                                                    ::sleepForEver));
                                                            children.add(
                                                                    nursery.spawn(
                                                                            TwoLoops
                                                                                    ::sleepForEver));
                                                        }
                                                        return null;
                                                    }))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThat(children).extracting(Coroutine::state).containsOnly(State.KILLED);
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    return null;
                });
    }

    @Test
    void aKillReachesNestedNurseries() throws Exception {
        loop.call(
                () -> {
                    var innermost = new ArrayList<Coroutine<?>>();
                    var owner =
                            loop.spawn(
                                    () -> {
                                        try (var outer = Nursery.open();
                                                var inner = Nursery.open()) {
                                            inner.spawn(TwoLoops::sleepForEver);
                                            outer.spawn(
                                                    () -> {
                                                        try (var own = Nursery.open(group)) {
                                                            innermost.add(
                                                                    own.spawn(
                                                                            TwoLoops
                                                                                    ::sleepForEver));
                                                        }
                                                    });
                                        }
                                        return null;
                                    });
                    Weft.yieldNow();
                    Weft.yieldNow();
                    assertThat(innermost).hasSize(1);
                    owner.kill();
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    assertThat(innermost.getFirst().state()).isEqualTo(State.KILLED);
                    return null;
                });
    }

    @Test
    void spawnAfterCancelNeverRuns() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        nursery.cancel();
                        var late =
                                nursery.spawn(
                                        () -> {
                                            throw new AssertionError("it runs");
                                        });
                        assertThat(late.state()).isEqualTo(State.KILLED);
                    }
                    return null;
                });
    }

    @Test
    void aChildThatSwallowsItsKillIsKilledAgain() throws Exception {
        loop.call(
                () -> {
                    int[] heard = {0};
                    var nursery = Nursery.open();
                    var child =
                            nursery.spawn(
                                    () -> {
                                        while (heard[0] < 3) {
                                            try {
                                                sleepForEver();
                                            } catch (InterruptedException e) {
                                                heard[0]++;
                                            }
                                        }
                                    });
                    var time =
                            loop.spawn(
                                    () -> {
                                        while (!child.isDone()) {
                                            clock.advance(Duration.ofSeconds(1));
                                            Weft.yieldNow();
                                        }
                                        return null;
                                    });
                    Weft.yieldNow();
                    nursery.cancel();
                    nursery.close();
                    time.join();
                    assertThat(heard[0]).isEqualTo(3);
                    assertThat(child.isSuccessful()).isTrue();
                    return null;
                });
    }

    @Test
    void aChildThatSomebodyKillsHasNotFailed() throws Exception {
        loop.call(
                () -> {
                    try (var nursery = Nursery.open()) {
                        var killed = nursery.spawn(TwoLoops::sleepForEver);
                        var other =
                                nursery.spawn(
                                        () -> {
                                            Weft.yieldNow();
                                            killed.kill();
                                            Weft.yieldNow();
                                            return "goes on";
                                        });
                        nursery.join();
                        assertThat(other.get()).isEqualTo("goes on");
                        assertThatThrownBy(killed::get).isInstanceOf(CancellationException.class);
                        assertThat(nursery.isCancelled()).isFalse();
                    }
                    return null;
                });
    }

    @Test
    void cancelEndsAllQuietly() throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    try (var nursery = Nursery.open(group)) {
                        children.add(nursery.spawn(TwoLoops::sleepForEver));
                        children.add(nursery.spawn(TwoLoops::sleepForEver));
                        children.add(nursery.spawn(nursery::cancel));
                        nursery.join();
                        assertThat(nursery.isCancelled()).isTrue();
                        Weft.yieldNow(); // the body goes on
                    }
                    assertThat(children)
                            .extracting(Coroutine::state)
                            .containsExactly(State.KILLED, State.KILLED, State.SUCCEEDED);
                    return null;
                });
    }

    @Test
    void anInnerScopeThatIsLeftOpenIsClosedWithTheBlock() throws Exception {
        loop.call(
                () -> {
                    var outer = Nursery.open();
                    var inner = Nursery.open();
                    var limit = Timeout.start(FOR_EVER);
                    var orphan = inner.spawn(TwoLoops::sleepForEver);
                    var child = outer.spawn(Weft::yieldNow);
                    assertThatThrownBy(outer::close)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("opened inside it");
                    assertThat(child.isSuccessful()).isTrue();
                    orphan.join();
                    assertThat(orphan.state()).isEqualTo(State.KILLED);
                    assertThatThrownBy(() -> inner.spawn(() -> {}))
                            .isInstanceOf(IllegalStateException.class);
                    limit.close();
                    inner.close();
                    return null;
                });
    }

    @Test
    void childrenOfAnOwnerThatForgetsThemAreKilled() throws Exception {
        loop.call(
                () -> {
                    var forgetful = loop.spawn(() -> Nursery.open().spawn(TwoLoops::sleepForEver));
                    var child = forgetful.get();
                    child.join();
                    assertThat(child.state()).isEqualTo(State.KILLED);
                    return null;
                });
    }

    @Test
    void anEarlierStrikeCancelsFromTheBeginning() throws Exception {
        loop.call(
                () -> {
                    var owner =
                            loop.spawn(
                                    () -> {
                                        Coroutine.current().kill(); // not heard
                                        try (var nursery = Nursery.open()) {
                                            var child = nursery.spawn(TwoLoops::sleepForEver);
                                            assertThat(child.isDone()).isTrue();
                                        }
                                        return "not here";
                                    });
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    return null;
                });
    }
}
