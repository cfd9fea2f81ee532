package io.weft;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A coroutine that has held on to its platform thread while its loop went on with another. It is
 * told of at once, and again while it lasts.
 */
final class Stuck {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatcher.class);

    private final Loop loop;
    private final Thread thread;
    private final Thread left;
    private final Hold how;
    private final long since;
    private int reports;
    private long last;

    /**
     * @param left its platform thread
     */
    Stuck(Loop loop, Thread thread, Thread left, Hold how, long since) {
        this.loop = loop;
        this.thread = thread;
        this.left = left;
        this.how = how;
        this.since = since;
    }

    void report(long now) {
        String stack = stack(thread);
        LOG.warn(
                "{}: {} {}; all others go on on another thread{}; {}{}",
                loop,
                name(thread),
                how.what(),
                reports == 0 ? "" : ", for " + seconds(now) + " s by now",
                how.remedy(),
                stack);
        how.record(loop, thread, stack, Duration.ofNanos(now - since), true);
        last = now;
        reports++;
    }

    private long seconds(long now) {
        return TimeUnit.NANOSECONDS.toSeconds(now - since);
    }

    /** Whether it has let go of it, or has got its loop back. Tells of it again if it is time. */
    boolean isOver(long now) {
        if (!left.isAlive() || loop.carrier().isDrivenBy(left)) {
            return true;
        }
        if (now - last >= Hold.toldAgainAfter(reports)) {
            report(now);
        }
        return false;
    }

    static String name(Thread thread) {
        String name = thread.getName();
        return "thread #" + thread.threadId() + (name.isEmpty() ? "" : " '" + name + "'");
    }

    static String stack(Thread thread) {
        var text = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }
}
