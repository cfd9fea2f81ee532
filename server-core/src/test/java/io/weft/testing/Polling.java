package io.weft.testing;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import java.time.Duration;

/**
 * Has Awaitility look at once and often: most of what tests wait for has happened already or
 * happens within a millisecond, and the library's own tenth of a second would be most of the
 * suite's time. Registered for every test as {@link LeakGuard} is.
 */
public final class Polling implements LauncherSessionListener {
    private static final Duration INTERVAL = Duration.ofMillis(2);

    /** For what a test has to wait for: the library's ten seconds pass on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(INTERVAL);
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
