package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;

/** A coroutine that starts later. The timer is loop-confined, the rest is for any thread. */
final class Delayed<T extends @Nullable Object> extends Coroutine<T> {
    private final Timer timer;

    private Delayed(Loop loop, Callable<T> body) {
        super(loop, null, body);
        timer =
                new Alarm(loop) {
                    @Override
                    protected void fire() {
                        if (loop.isStopping()) {
                            kill();
                        } else if (state() == State.NEW) { // not by hand before its time
                            start();
                        }
                    }
                };
    }

    static <T extends @Nullable Object> Coroutine<T> spawn(
            Loop loop, Duration delay, Callable<T> body) {
        var delayed = new Delayed<>(loop, body);
        long deadline = loop.nanoTime() + Deadline.nanos(delay);
        boolean accepted =
                delayed.onLoop(
                        () -> {
                            if (!delayed.isDone()) {
                                delayed.timer.schedule(deadline);
                            }
                        });
        if (!accepted) {
            delayed.kill();
        }
        return delayed;
    }

    @Override
    public void kill() {
        super.kill();
        onLoop(timer::cancel);
    }

    /** False if the loop has ended. */
    private boolean onLoop(Runnable action) {
        if (loop().isCurrent()) {
            action.run();
            return true;
        }
        if (loop().hasEnded()) {
            return false;
        }
        loop().carrier().execute(action);
        return true;
    }
}
