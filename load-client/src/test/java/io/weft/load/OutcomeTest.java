package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Consumer;

class OutcomeTest {
    private static final long SECOND = 1_000_000_000L;

    private static Outcome of(boolean interrupted, Consumer<Tally> events) {
        var tally = new Tally(0);
        events.accept(tally);
        return new Outcome(
                Figures.of(1, List.of(tally), SECOND), interrupted, List.of(), 0, 0, null);
    }

    @Test
    void allRightIsGood() {
        var outcome = of(false, tally -> tally.replied(1));

        assertThat(outcome.isGood()).isTrue();
        assertThat(outcome.verdict()).isEqualTo("every connection held and every reply was right");
    }

    @Test
    void whateverWentWrongIsNotGood() {
        bad("1 failure of a connection", tally -> tally.failed(ErrorKind.BROKEN, "reset"));
        bad("1 wrong reply", tally -> tally.mismatch(ErrorKind.ECHO, "differs"));
        bad("4985 due and not sent", tally -> tally.notSent(1, 4985));
        bad("1 not answered", tally -> tally.unanswered(1));
    }

    private static void bad(String why, Consumer<Tally> event) {
        var outcome =
                of(
                        false,
                        tally -> {
                            tally.replied(1);
                            event.accept(tally);
                        });

        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.isClean()).isFalse();
        assertThat(outcome.verdict()).isEqualTo("not good: " + why);
    }

    @Test
    void noReplyAtAllIsNotGood() {
        var outcome = of(false, tally -> tally.warmedUp(1));

        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.verdict()).isEqualTo("not good: no reply that counts");
    }

    @Test
    void anInterruptedRunIsNeverGoodAndSaysWhatItLeft() {
        var outcome =
                of(
                        true,
                        tally -> {
                            tally.replied(1);
                            tally.unanswered(1);
                        });

        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.isClean()).as("what it left is not the server's fault").isTrue();
        assertThat(outcome.verdict())
                .isEqualTo(
                        "interrupted after 1.000 s, 1 not answered; until then every connection"
                                + " held and every reply was right");
    }

    @Test
    void whatWentWrongBeforeAnInterruptionIsSaid() {
        var outcome = of(true, tally -> tally.failed(ErrorKind.CONNECT, "refused"));

        assertThat(outcome.isClean()).isFalse();
        assertThat(outcome.verdict())
                .isEqualTo("interrupted after 1.000 s; not good: 1 failure of a connection");
    }
}
