package io.weft.cli.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Logback's queue before a log that is slow, or that nobody reads any more: a loop does not wait
 * for it, and neither does the end of the process. What finds no room is lost, and the log says how
 * much that was as soon as it can.
 */
public final class BoundedAppender extends AsyncAppender {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofMillis(2);

    private final ReentrantLock turn = new ReentrantLock();
    private long lost; // guarded by turn

    /** With Logback's defaults but for those that would wait, or choose what to lose. */
    public BoundedAppender() {
        setNeverBlock(true);
        setDiscardingThreshold(0);
    }

    /**
     * Gives what has been logged so far a second to come out, where this is the log. For those who
     * are about to change where it goes.
     */
    public static void drain() throws InterruptedException {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        for (var each = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
                each.hasNext(); ) {
            if (each.next() instanceof BoundedAppender queue) {
                while (queue.getNumberOfElementsInQueue() > 0 && System.nanoTime() - until < 0) {
                    Thread.sleep(INTERVAL);
                }
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing(); // asks things of others' what they are: not in turn
        turn.lock();
        try {
            if (lost > 0 && getRemainingCapacity() > 1) {
                super.append(loss());
                lost = 0;
            }
            if (getRemainingCapacity() > 0) {
                super.append(event);
            } else {
                lost++;
            }
        } finally {
            turn.unlock();
        }
    }

    private ILoggingEvent loss() {
        var owner = ((LoggerContext) getContext()).getLogger(BoundedAppender.class);
        return new LoggingEvent(
                BoundedAppender.class.getName(),
                owner,
                Level.WARN,
                "{} lines were lost: nobody took them from this log",
                null,
                new Object[] {lost});
    }
}
