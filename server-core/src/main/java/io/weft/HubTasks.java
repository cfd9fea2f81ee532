package io.weft;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What coroutines have left for the hub's next turn, first in, first out: a chain through the tasks
 * themselves, so that leaving one allocates nothing. Loop-confined.
 */
final class HubTasks {
    private final Loop loop;
    private @Nullable HubTask first;
    private @Nullable HubTask last;

    HubTasks(Loop loop) {
        this.loop = loop;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Does nothing if it is left already. */
    void add(HubTask task) {
        if (task.queued) {
            return;
        }
        task.queued = true;
        if (last == null) {
            first = task;
        } else {
            last.next = task;
        }
        last = task;
    }

    /** On the hub, or after its end: does them all, also what they themselves leave. */
    void run() {
        for (HubTask task; (task = first) != null; ) {
            first = task.next;
            if (first == null) {
                last = null;
            }
            task.next = null;
            task.queued = false;
            try {
                task.run();
            } catch (OutOfMemoryError e) {
                loop.carrier().fatal(e); // what was to be written or closed is not
            } catch (Throwable e) {
                FailureLog.error(
                        LoggerFactory.getLogger(Loop.class),
                        loop.name() + ": on the hub " + Printable.of(task),
                        e);
            }
        }
    }
}
