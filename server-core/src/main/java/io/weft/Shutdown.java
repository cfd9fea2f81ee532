package io.weft;

import org.slf4j.LoggerFactory;

/**
 * The end of a loop: its coroutines are killed, once, and get some time to end; then the hub ends,
 * whether they have or not. The last of them ends it sooner. Loop-confined.
 */
final class Shutdown extends Alarm {
    private final long graceNanos;

    Shutdown(Loop loop, long graceNanos) {
        super(loop);
        this.graceNanos = graceNanos;
    }

    void begin() {
        Loop loop = loop();
        if (loop.coroutineCount() == 0) {
            loop.hub().end();
            return;
        }
        loop.coroutines().forEach(Coroutine::kill);
        schedule(loop.nanoTime() + graceNanos);
    }

    @Override
    protected void fire() {
        Loop loop = loop();
        if (loop.coroutineCount() > 0) {
            int outlived = loop.coroutineCount();
            loop.newDetachedThread(null, () -> report(outlived)).start(); // a log has locks
        }
        loop.hub().end();
    }

    private void report(int outlived) {
        LoggerFactory.getLogger(Loop.class)
                .warn(
                        "{} ends although {} of its coroutines outlived their kill",
                        loop().name(),
                        outlived);
    }
}
