package io.weft;

import org.slf4j.Logger;

import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;

/**
 * Says that code of others has failed, with the stack that shows where: one event for each failure,
 * also of one whose exception fails itself when it is asked what it is. For servers and others who
 * call such code. Any thread.
 */
public final class FailureLog {
    private FailureLog() {}

    /**
     * {@code what} failed with {@code e}: an error with its stack, or one line for debugging if it
     * is a {@link NotAnError}.
     */
    public static void report(Logger log, Object what, Throwable e) {
        if (isNotAnError(e)) {
            log.debug("{} ended with {}", Printable.of(what), Printable.of(e));
        } else {
            error(log, what, e);
        }
    }

    private static boolean isNotAnError(Throwable e) {
        return e instanceof NotAnError
                || ((e instanceof UncheckedIOException || e instanceof ExecutionException)
                        && Causes.of(e).stream()
                                .skip(1)
                                .limit(1)
                                .allMatch(NotAnError.class::isInstance));
    }

    /**
     * {@code what} failed with {@code e}: an error with its stack, whatever it is, but for want of
     * direct memory, which is nobody's failure and has its own line ({@link OutOfMemory}).
     */
    public static void error(Logger log, Object what, Throwable e) {
        try {
            if (OutOfMemory.isOfDirectMemory(e)) {
                OutOfMemory.say(e);
                log.debug("{} failed with {}", Printable.of(what), Printable.of(e));
                return;
            }
            log.error("{} failed with {}", Printable.of(what), Printable.of(e), e);
        } catch (Throwable broken) { // a log asks for the message of each exception in the chain
            withoutStack(log, what, e, broken);
        }
    }

    private static void withoutStack(Logger log, Object what, Throwable e, Throwable broken) {
        try {
            log.error(
                    "{} failed with {}, whose stack cannot be shown: {}",
                    Printable.of(what),
                    Printable.of(e),
                    broken.getClass().getName());
        } catch (Throwable again) {
            // out of memory, say: who reports a failure shall not fail by that
        }
    }
}
