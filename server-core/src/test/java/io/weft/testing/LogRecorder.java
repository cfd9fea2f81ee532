package io.weft.testing;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes what one class logs away from the console, for tests that expect it to be logged. Any
 * thread.
 */
public final class LogRecorder implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Logger logger;
    private final @Nullable Level level; // before
    private final List<Appender<ILoggingEvent>> replaced = new ArrayList<>();
    private final Recording recording = new Recording();

    private LogRecorder(Class<?> owner) {
        this((Logger) LoggerFactory.getLogger(owner));
    }

    private LogRecorder(Logger logger) {
        this.logger = logger;
        this.level = logger.getLevel();
        logger.iteratorForAppenders().forEachRemaining(replaced::add);
        replaced.forEach(logger::detachAppender);
        recording.start();
        logger.addAppender(recording);
        logger.setAdditive(false);
    }

    /** Records what {@code owner} logs until closed. */
    public static LogRecorder of(Class<?> owner) {
        return new LogRecorder(owner);
    }

    /** Records what anybody logs, except for what others record. */
    public static LogRecorder ofEverything() {
        return new LogRecorder((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME));
    }

    /** As {@link #of}, and what is for debugging too. */
    public static LogRecorder ofAll(Class<?> owner) {
        var recorder = new LogRecorder(owner);
        recorder.logger.setLevel(Level.DEBUG);
        return recorder;
    }

    /** Starts again with nothing. */
    public void forget() {
        recording.events.clear();
    }

    /** The messages so far, without their stack traces. */
    public List<String> messages() {
        return recording.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The messages so far, each behind its level: {@code ERROR it failed}. */
    public List<String> lines() {
        return recording.events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** What goes with the last one, as its class and its message; null if nothing does. */
    public @Nullable IThrowableProxy lastThrown() {
        return recording.events.getLast().getThrowableProxy();
    }

    /** What was in the MDC at the last one. */
    public Map<String, String> lastContext() {
        return recording.events.getLast().getMDCPropertyMap();
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
        logger.setLevel(level);
        logger.detachAppender(recording);
        replaced.forEach(logger::addAppender);
    }

    private static final class Recording extends AppenderBase<ILoggingEvent> {
        final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing(); // looks at the MDC
            events.add(event);
        }
    }
}
