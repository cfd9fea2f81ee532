package io.weft.testing;

import io.weft.Reliefs;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import java.util.List;

/**
 * Fails the test class in which a Netty buffer was lost: garbage collected without release(), or a
 * loop's thread, to a coroutine that was pinned where it waited.
 *
 * <p>Netty only logs such a loss, at the next allocation after the collector noticed. So this guard
 * takes over Netty's detectors ({@link LeakRecorder}), and after each top-level test class lets the
 * collector notice and the detectors report. What turns up later still, from a loop that was
 * closing in the background, is blamed on the next class, or fails the run when there is none.
 *
 * <p>Registered for every test by {@code META-INF/services} and {@code junit-platform.properties};
 * a module gets both with server-core's test-jar.
 */
public final class LeakGuard implements AfterAllCallback, LauncherSessionListener {
    private static long reliefsSeen; // by the end of the class before

    /**
     * Comes before any test class is initialised, or its static buffers would have Netty's
     * detectors.
     */
    public LeakGuard() {
        LeakRecorder.install();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        if (test.getEnclosingClass() == null) {
            verify(test.getName(), LeakRecorder.collect());
            long reliefs = Reliefs.count();
            long own = reliefs - reliefsSeen;
            reliefsSeen = reliefs;
            if (own > 0 && !test.isAnnotationPresent(PinsCarriers.class)) {
                throw new AssertionError(
                        "Expected no coroutine of %s to be pinned where it waits, %d were"
                                .formatted(test.getName(), own));
            }
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        verify("the run", LeakRecorder.collectAll());
    }

    private static void verify(String where, List<String> leaks) {
        if (leaks.isEmpty()) return;
        throw new AssertionError(
                "Expected every buffer to be released by the end of %s, lost were %d; each with its last touches:%n%s"
                        .formatted(where, leaks.size(), String.join("\n", leaks)));
    }
}
