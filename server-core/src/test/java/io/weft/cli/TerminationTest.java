package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What counts as a second signal. */
class TerminationTest {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private final List<Integer> ends = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5; // a clock may wrap
    private final Termination termination = new Termination(() -> now, ends::add);

    @Test
    void firstSignalAsksForTheEnd() throws Exception {
        assertThat(termination.isAsked()).isFalse();
        termination.signalled(SIGTERM);
        assertThat(termination.isAsked()).isTrue();
        termination.await();
        assertThat(ends).isEmpty();
    }

    @Test
    void firstSignalSaysWhetherItWasAnInterrupt() {
        assertThat(termination.isInterrupted()).isFalse();
        termination.signalled(SIGTERM);
        termination.signalled(SIGINT);
        assertThat(termination.isInterrupted()).isFalse();
        var other = new Termination(() -> now, ends::add);
        other.signalled(SIGINT);
        assertThat(other.isInterrupted()).isTrue();
    }

    @Test
    void sameSignalAtOnceIsStillTheFirst() {
        termination.signalled(SIGINT);
        termination.signalled(SIGINT);
        now += Termination.ECHO.toNanos() - 1;
        termination.signalled(SIGINT);
        assertThat(ends).isEmpty();
    }

    @Test
    void sameSignalLaterEndsTheProcess() {
        termination.signalled(SIGTERM);
        now += Termination.ECHO.toNanos();
        termination.signalled(SIGTERM);
        assertThat(ends).containsExactly(143);
    }

    @Test
    void echoesDoNotPutTheEndOff() {
        termination.signalled(SIGINT);
        now += Termination.ECHO.toNanos() * 2 / 3;
        termination.signalled(SIGINT);
        now += Termination.ECHO.toNanos() * 2 / 3;
        termination.signalled(SIGINT);
        assertThat(ends).containsExactly(130);
    }

    @Test
    void launcherMayPassItOnAsTheOther() {
        termination.signalled(SIGINT);
        termination.signalled(SIGTERM);
        assertThat(ends).isEmpty();
        now += Termination.ECHO.toNanos();
        termination.signalled(SIGTERM);
        assertThat(ends).containsExactly(143);
    }
}
