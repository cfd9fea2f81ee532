package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.weft.Coroutine.State;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** The first value wins. */
class RaceTest extends TwoLoops {
    @Test
    void theFirstValueWinsAndTheOthersAreCancelled() throws Exception {
        loop.call(
                () -> {
                    var others = new ArrayList<Coroutine<?>>();
                    String first =
                            Race.call(
                                    group,
                                    race -> {
                                        others.add(
                                                race.spawn(
                                                        () -> {
                                                            sleepForEver();
                                                            return "late";
                                                        }));
                                        race.spawn(
                                                () -> {
                                                    throw new IOException("one fails");
                                                });
                                        race.spawn(() -> "first");
                                        sleepForEver(); // the body is ended too
                                    });
                    assertThat(first).isEqualTo("first");
                    assertThat(others.getFirst().state()).isEqualTo(State.KILLED);
                    return null;
                });
    }

    @Test
    void aRaceThatNobodyWinsThrowsTheFirstFailure() throws Exception {
        loop.call(
                () -> {
                    Throwable lost =
                            catchThrowable(
                                    () -> Race.of(List.of(() -> fail("one"), () -> fail("two"))));
                    assertThat(lost)
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("one");
                    assertThat(lost.getSuppressed()).extracting("message").containsExactly("two");
                    return null;
                });
    }

    @Test
    void aRaceOfNobodyIsRefusedAndNullCanWin() throws Exception {
        loop.call(
                () -> {
                    assertThatThrownBy(() -> Race.of(List.of()))
                            .isInstanceOf(NoSuchElementException.class);
                    assertThat(Race.<Object>of(List.of(() -> null))).isNull();
                    return null;
                });
    }

    @Test
    void aRaceWhoseRunnersAreKilledIsCancelled() throws Exception {
        loop.call(
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            Race.<Object>call(
                                                    race ->
                                                            race.spawn(TwoLoops::sleepForEver)
                                                                    .kill()))
                            .isInstanceOf(CancellationException.class);
                    return null;
                });
    }

    @Test
    void aLimitEndsARace() throws Exception {
        loop.call(
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ZERO,
                                                    () -> Race.of(List.of(TwoLoops::sleepForEver))))
                            .isInstanceOf(Timeout.Expired.class);
                    return null;
                });
    }
}
