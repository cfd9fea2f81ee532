package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Coroutine.State;
import io.weft.queue.Queue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** The body form: the body is one of those that a failure or a cancel ends. */
class NurseryBodyTest extends TwoLoops {
    @Test
    void theValueOfTheBodyIsReturnedWhenTheChildrenHaveEnded() throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    String value =
                            Nursery.call(
                                    nursery -> {
                                        children.add(nursery.spawn(Weft::yieldNow));
                                        return "value";
                                    });
                    assertThat(value).isEqualTo("value");
                    assertThat(children.getFirst().isSuccessful()).isTrue();
                    return null;
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExceptionOfTheBodyCancelsTheChildrenAndIsThrown(boolean spread) throws Exception {
        loop.call(
                () -> {
                    var children = new ArrayList<Coroutine<?>>();
                    Nursery.Body body =
                            nursery -> {
                                children.add(nursery.spawn(TwoLoops::sleepForEver));
                                children.add(nursery.spawn(TwoLoops::sleepForEver));
                                fail("body");
                            };
                    assertThatThrownBy(
                                    () -> {
                                        if (spread) {
                                            Nursery.run(group, body);
                                        } else {
                                            Nursery.run(body);
                                        }
                                    })
                            .isInstanceOf(IOException.class)
                            .hasMessage("body")
                            .hasNoSuppressedExceptions();
                    assertThat(children).extracting(Coroutine::state).containsOnly(State.KILLED);
                    return null;
                });
    }

    @Test
    void failuresOfChildrenAreSuppressedInTheBodys() throws Exception {
        loop.call(
                () -> {
                    Throwable thrown =
                            catchThrowable(
                                    () ->
                                            Nursery.run(
                                                    nursery -> {
                                                        nursery.spawn(
                                                                NurseryBodyTest::errorWhenKilled);
                                                        Weft.yieldNow();
                                                        fail("body");
                                                    }));
                    assertThat(thrown).hasMessage("body");
                    assertThat(thrown.getSuppressed())
                            .singleElement()
                            .isInstanceOf(ExecutionException.class);
                    return null;
                });
    }

    private static void errorWhenKilled() throws InterruptedException {
        try {
            sleepForEver();
        } catch (InterruptedException e) {
            throw new AssertionError("child", e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailingChildInterruptsTheBody(boolean spread) throws Exception {
        loop.call(
                () -> {
                    Nursery.ValueBody<Void> body =
                            nursery -> {
                                nursery.spawn(() -> {});
                                nursery.spawn(() -> fail("child"));
                                return sleepForEver();
                            };
                    assertThatThrownBy(
                                    () -> {
                                        if (spread) {
                                            Nursery.call(group, body);
                                        } else {
                                            Nursery.call(body);
                                        }
                                    })
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("child");
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    Weft.yieldNow();
                    return null;
                });
    }

    @Test
    void whateverAnInterruptedBodyEndsWithTheFailureIsThrown() throws Exception {
        loop.call(
                () -> {
                    Throwable thrown =
                            catchThrowable(
                                    () ->
                                            Nursery.run(
                                                    nursery -> {
                                                        nursery.spawn(() -> fail("child"));
                                                        try {
                                                            sleepForEver();
                                                        } catch (InterruptedException e) {
                                                            throw new IllegalStateException(e);
                                                        }
                                                    }));
                    assertThat(thrown)
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("child");
                    assertThat(thrown.getSuppressed())
                            .singleElement()
                            .isInstanceOf(IllegalStateException.class);
                    return null;
                });
    }

    @Test
    void aFailureThatJoinHasThrownIsWhatTheBlockEndsWith() throws Exception {
        loop.call(
                () -> {
                    Nursery.Body body =
                            nursery -> {
                                nursery.spawn(() -> fail("child"));
                                nursery.join();
                            };
                    assertThatThrownBy(() -> Nursery.run(body))
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("child")
                            .hasNoSuppressedExceptions();
                    Nursery.Body wrapping =
                            nursery -> {
                                try {
                                    body.run(nursery);
                                } catch (ExecutionException e) {
                                    throw new IllegalStateException(e);
                                }
                            };
                    assertThatThrownBy(() -> Nursery.run(wrapping))
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("child");
                    return null;
                });
    }

    @Test
    void aBodyThatHasDealtWithTheFailureMayReturn() throws Exception {
        loop.call(
                () -> {
                    String value =
                            Nursery.call(
                                    nursery -> {
                                        nursery.spawn(() -> fail("child"));
                                        try {
                                            nursery.join();
                                            return "not here";
                                        } catch (ExecutionException e) {
                                            return "fallback";
                                        }
                                    });
                    assertThat(value).isEqualTo("fallback");
                    Weft.yieldNow(); // no interrupt is left
                    return null;
                });
    }

    @Test
    void aCancelledBodyEndsQuietly() throws Exception {
        loop.call(
                () -> {
                    Nursery.run(
                            nursery -> {
                                nursery.spawn(TwoLoops::sleepForEver);
                                nursery.spawn(nursery::cancel);
                                sleepForEver();
                            });
                    Weft.yieldNow();
                    Nursery.run(
                            nursery -> {
                                nursery.spawn(TwoLoops::sleepForEver);
                                nursery.cancel(); // the last thing it does
                            });
                    Weft.yieldNow();
                    return null;
                });
    }

    @Test
    void aCancelledBodyHasNoValue() throws Exception {
        loop.call(
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            Nursery.call(
                                                    nursery -> {
                                                        nursery.cancel();
                                                        return sleepForEver();
                                                    }))
                            .isInstanceOf(CancellationException.class)
                            .hasRootCauseMessage(
                                    "nursery of %s was cancelled", Coroutine.current());
                    return null;
                });
    }

    @Test
    void cancelReachesANurseryInsideTheBody() throws Exception {
        loop.call(
                () -> {
                    var inside = new ArrayList<Coroutine<?>>();
                    Nursery.run(
                            outer -> {
                                outer.spawn(outer::cancel);
                                try (var inner = Nursery.open(group)) {
                                    inside.add(inner.spawn(TwoLoops::sleepForEver));
                                    inner.join();
                                }
                            });
                    assertThat(inside.getFirst().state()).isEqualTo(State.KILLED);
                    return null;
                });
    }

    @Test
    void aKillWinsOverAFailure() throws Exception {
        loop.call(
                () -> {
                    var owner =
                            loop.spawn(
                                    () -> {
                                        Nursery.run(
                                                nursery -> {
                                                    nursery.spawn(NurseryBodyTest::errorWhenKilled);
                                                    sleepForEver();
                                                });
                                        return null;
                                    });
                    Weft.yieldNow();
                    Weft.yieldNow();
                    owner.kill();
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    assertThat(owner.exception()).hasMessage(owner + " was killed");
                    assertThat(owner.exception().getSuppressed()).hasSize(1);
                    return null;
                });
    }

    @Test
    void aKillWhileTheChildrenEndIsNotLostBesideTheBodysException() throws Exception {
        loop.call(
                () -> {
                    var gate = new Queue<String>();
                    var owner =
                            loop.spawn(
                                    () -> {
                                        try {
                                            Nursery.run(
                                                    nursery -> {
                                                        nursery.spawn(() -> lingers(gate));
                                                        Weft.yieldNow();
                                                        fail("body");
                                                    });
                                        } catch (IOException e) {
                                            sleepForEver(); // as a loop would that goes on
                                        }
                                        return null;
                                    });
                    Weft.yieldNow();
                    Weft.yieldNow();
                    Weft.yieldNow();
                    owner.kill();
                    owner.join();
                    assertThat(owner.state()).isEqualTo(State.KILLED);
                    return null;
                });
    }

    private static void lingers(Queue<String> gate) throws InterruptedException {
        try {
            sleepForEver();
        } finally {
            gate.get(); // until it is killed again
        }
    }

    @Test
    void onAPlainThreadTheBodyHearsAtItsEnd() {
        assertThatThrownBy(
                        () ->
                                Nursery.run(
                                        group,
                                        nursery -> {
                                            var child = nursery.spawn(() -> fail("child"));
                                            child.join();
                                        }))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("child");
    }
}
