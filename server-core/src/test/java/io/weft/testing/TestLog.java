package io.weft.testing;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the last lines of the log instead of printing them: much of what tests provoke is logged,
 * and only that of a failed test is worth reading ({@link Reports} shows it). Where no test runs,
 * in the child of one, it prints them. Set up by logback-test.xml. Any thread.
 */
public final class TestLog extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int MOST = 200;
    private static final Deque<String> LINES = new ArrayDeque<>();
    private static volatile boolean keeps;

    private PatternLayoutEncoder encoder;

    /** How a line looks; called by Logback. */
    public void setEncoder(PatternLayoutEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = encoder.getLayout().doLayout(event);
        if (!keeps) {
            System.out.print(line);
            return;
        }
        synchronized (LINES) {
            if (LINES.size() == MOST) LINES.removeFirst();
            LINES.addLast(line);
        }
    }

    /** From now on there is somebody who will take it. */
    static void keep() {
        keeps = true;
    }

    /** What was logged since the last call, and at most the last {@value #MOST} events of it. */
    static String take() {
        synchronized (LINES) {
            String lines = String.join("", LINES);
            LINES.clear();
            return lines;
        }
    }
}
