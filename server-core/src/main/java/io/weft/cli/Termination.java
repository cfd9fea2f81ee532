package io.weft.cli;

import io.weft.launch.Signals;

import java.util.concurrent.CountDownLatch;

/**
 * The way a server command ends: at the first SIGTERM or SIGINT {@link #await()} returns and the
 * command stops what it started; a second signal ends the process at once.
 */
public final class Termination {
    private static final int SIGNALLED = 128;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private final CountDownLatch asked = new CountDownLatch(1);

    /** Takes the signals over. */
    public Termination() {
        Signals.on("TERM", () -> signalled(SIGTERM));
        Signals.on("INT", () -> signalled(SIGINT));
    }

    private void signalled(int signal) {
        if (asked.getCount() == 0) {
            Runtime.getRuntime().halt(SIGNALLED + signal);
        }
        asked.countDown();
    }

    /** Waits for the first signal. */
    public void await() throws InterruptedException {
        asked.await();
    }
}
