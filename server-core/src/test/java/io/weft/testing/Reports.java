package io.weft.testing;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Says now and then how far the tests have come, how one failed, and what was logged meanwhile.
 * Registered for every test as {@link LeakGuard} is.
 */
public final class Reports implements TestExecutionListener {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private final PrintStream out = System.out; // as it was before any test has replaced it
    private long said = System.nanoTime();
    private int tests;

    public Reports() {
        TestLog.keep();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) TestLog.take(); // what others have left is not this one's
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.FAILED) {
            String log = TestLog.take();
            out.printf("FAILED: %s%n", name(test));
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(out));
            if (!log.isEmpty()) out.printf("Logged meanwhile:%n%s", log);
        }
        if (test.isTest()) {
            tests++;
            if (System.nanoTime() - said >= INTERVAL) {
                said = System.nanoTime();
                out.printf("%d done, the last of them %s%n", tests, name(test));
            }
        }
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getClassName() + "." + method.getMethodName())
                .orElse(test.getDisplayName());
    }
}
