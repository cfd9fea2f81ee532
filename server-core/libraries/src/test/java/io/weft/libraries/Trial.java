package io.weft.libraries;

import static io.weft.libraries.Table.Column.AFTERWARDS;
import static io.weft.libraries.Table.Column.KILL;
import static io.weft.libraries.Table.Column.LIMIT;
import static io.weft.libraries.Table.Column.LONGEST_GAP;
import static io.weft.libraries.Table.Column.TOTAL;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/**
 * What a library is tried for: its blocking call in coroutines of one loop, against a peer that can
 * keep its answers back. The peer tells how many calls wait there, so that nothing depends on how
 * fast a machine is; times are told, not asserted.
 */
interface Trial {
    int CALLS = 50;

    /** How long all calls are kept in the peer. */
    Duration KEPT = Duration.ofMillis(200);

    Duration LIMIT_OF_A_CALL = Duration.ofMillis(200);

    /** Its name in the tables. */
    String library();

    /** What can be used after a kill or limit, as the README has it. */
    default String afterwards() {
        return "the same client";
    }

    /** Whether a kill or limit ends the call before its answer comes. */
    default boolean endsAtOnce() {
        return true;
    }

    /** Blocks until the peer answers; the answer is "answer NUMBER". */
    String call(int number) throws Exception;

    /** From now on answers are kept back. */
    void shut() throws Exception;

    /** Gives the answers that were kept back, and those of later calls at once. */
    void open() throws Exception;

    /** How many calls wait for an answer that is kept back. */
    int waiting() throws Exception;

    @Test
    default void fiftyCallsOfOneLoopAreUnderWayAtOnce(TestReporter reporter) throws Exception {
        Weft.run(
                () -> {
                    warmUp();
                    var calls = new ArrayList<Coroutine<String>>();
                    long begun = System.nanoTime();
                    try (var ticker = new Ticker()) {
                        for (int i = 0; i < CALLS; i++) {
                            int number = i;
                            calls.add(Weft.spawn(() -> call(number)));
                        }
                        awaitWaiting(CALLS);
                        int before = ticker.ticks();
                        Weft.sleep(KEPT);
                        assertThat(ticker.ticks()).isGreaterThan(before);
                        open();
                        for (int i = 0; i < CALLS; i++) {
                            assertThat(calls.get(i).get()).isEqualTo("answer " + i);
                        }
                        report(reporter, Duration.ofNanos(System.nanoTime() - begun), ticker);
                    }
                });
    }

    @Test
    default void aKillEndsTheCoroutine() throws Exception {
        Weft.run(
                () -> {
                    warmUp();
                    var call = Weft.spawn(() -> callAndSleep(2));
                    awaitWaiting(1);
                    call.kill();
                    if (!endsAtOnce()) {
                        assertThat(call.join(KEPT)).isFalse();
                        open();
                    }
                    call.join();
                    assertThat(call.state()).isEqualTo(Coroutine.State.KILLED);
                    Table.put(library(), KILL, call.exception().getClass().getSimpleName());
                    isUsableAfterwards();
                });
    }

    @Test
    default void aLimitAroundTheCallIsItsOwn() throws Exception {
        Weft.run(
                () -> {
                    warmUp();
                    if (!endsAtOnce()) {
                        Weft.spawnLater(LIMIT_OF_A_CALL.multipliedBy(2), this::open);
                    }
                    var expired =
                            catchThrowableOfType(
                                    Timeout.Expired.class,
                                    () -> Timeout.call(LIMIT_OF_A_CALL, () -> callAndSleep(2)));
                    assertThat(expired).isNotNull();
                    Table.put(library(), LIMIT, cause(expired));
                    isUsableAfterwards();
                });
    }

    /** Its row is there, and ends as it should. */
    @Test
    default void theReadmeKnowsIt() throws Exception {
        var rows =
                Files.readAllLines(Path.of("..", "README.md")).stream()
                        .filter(line -> line.startsWith("| " + library() + " |"));
        assertThat(rows).singleElement(STRING).endsWith("| " + afterwards() + " |");
    }

    /** What a class does at its first use is not asked about here. */
    private void warmUp() throws Exception {
        assertThat(call(1)).isEqualTo("answer 1");
        shut();
    }

    /** Code that took no notice has its coroutine struck where that waits next. */
    private String callAndSleep(int number) throws Exception {
        String answer = call(number);
        Weft.sleep(Duration.ofMillis(1));
        return answer;
    }

    private void isUsableAfterwards() throws Exception {
        open();
        awaitWaiting(0);
        assertThat(call(3)).isEqualTo("answer 3");
        Table.put(library(), AFTERWARDS, afterwards());
    }

    private void awaitWaiting(int calls) throws Exception {
        while (waiting() != calls) {
            Weft.sleep(Duration.ofMillis(2));
        }
    }

    private void report(TestReporter reporter, Duration total, Ticker ticker) {
        reporter.publishEntry(
                Map.of(
                        "library",
                        library(),
                        TOTAL.name(),
                        total.toMillis() + " ms",
                        LONGEST_GAP.name(),
                        ticker.longestGap().toMillis() + " ms"));
        Table.put(library(), TOTAL, total);
        Table.put(library(), LONGEST_GAP, ticker.longestGap());
    }

    private static String cause(Timeout.Expired expired) {
        Throwable cause = expired.getCause();
        return cause == null ? "itself" : cause.getClass().getSimpleName();
    }
}
