package io.weft.testing;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes what one class logs away from the console, for tests that expect it to be logged. Any
 * thread.
 */
public final class LogRecorder implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Logger logger;
    private final Recording recording = new Recording();

    private LogRecorder(Class<?> owner) {
        logger = (Logger) LoggerFactory.getLogger(owner);
        recording.start();
        logger.addAppender(recording);
        logger.setAdditive(false);
    }

    /** Records what {@code owner} logs until closed. */
    public static LogRecorder of(Class<?> owner) {
        return new LogRecorder(owner);
    }

    /** Starts again with nothing. */
    public void forget() {
        recording.events.clear();
    }

    /** The messages so far, without their stack traces. */
    public List<String> messages() {
        return recording.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /**
     * The messages, as soon as there are {@code count}: a line is often written a moment after what
     * it tells of can be seen.
     */
    public List<String> awaitMessages(int count) {
        await("%d lines in the log of %s".formatted(count, logger.getName()))
                .atMost(PATIENCE)
                .until(() -> recording.events.size() >= count);
        return messages();
    }

    @Override
    public void close() {
        logger.setAdditive(true);
        logger.detachAppender(recording);
    }

    private static final class Recording extends AppenderBase<ILoggingEvent> {
        final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    }
}
