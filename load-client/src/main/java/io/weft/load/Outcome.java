package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came out of a run, and how it came about. Immutable.
 *
 * @param interrupted whether its user has ended it
 * @param timeline what happened when, from the first connection on
 * @param sendingFrom when messages were first sent, in nanoseconds since the run's start
 * @param countedFrom when they began to count: later than that where there is a warm-up
 * @param cost what the client used meanwhile; null where that is not known
 */
record Outcome(
        Figures figures,
        boolean interrupted,
        List<Sample> timeline,
        long sendingFrom,
        long countedFrom,
        @Nullable Cost cost) {

    private static final String GOOD = "every connection held and every reply was right";

    /** Whether nothing went wrong; what an interrupted run leaves unanswered is not wrong. */
    boolean isClean() {
        return wrong().isEmpty();
    }

    /** Whether nothing went wrong, and the run was all that it should have been. */
    boolean isGood() {
        return isClean() && !interrupted;
    }

    /** What there is to say of it, in one sentence. */
    String verdict() {
        List<String> wrong = wrong();
        String all = wrong.isEmpty() ? GOOD : "not good: " + String.join(", ", wrong);
        return interrupted ? interruption() + (wrong.isEmpty() ? " until then " : " ") + all : all;
    }

    private String interruption() {
        return String.format(Locale.ROOT, "interrupted after %.3f s", figures.seconds())
                + (figures.unanswered() > 0 ? ", " + figures.unanswered() + " not answered" : "")
                + ";";
    }

    private List<String> wrong() {
        var wrong = new ArrayList<String>();
        if (figures.failed() > 0) {
            wrong.add(
                    counted(
                            figures.failed(),
                            "failure of a connection",
                            "failures of connections"));
        }
        if (figures.mismatches() > 0) {
            wrong.add(counted(figures.mismatches(), "wrong reply", "wrong replies"));
        }
        if (figures.notSent() > 0) {
            wrong.add(figures.notSent() + " due and not sent");
        }
        if (figures.unanswered() > 0 && !interrupted) {
            wrong.add(figures.unanswered() + " not answered");
        }
        if (figures.messages() == 0 && !interrupted) {
            wrong.add("no reply that counts");
        }
        return wrong;
    }

    private static String counted(long count, String one, String more) {
        return count + " " + (count == 1 ? one : more);
    }
}
