package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

/**
 * A coroutine whose maker stands and waits for it, on another loop or on a plain thread: see {@link
 * Loop#call}. What it throws is thrown there, and so is not reported as well; who interrupts the
 * caller ends it. Used by the caller's thread.
 */
final class LoopCall<T extends @Nullable Object> extends Coroutine<T> {
    LoopCall(Loop loop, Callable<T> call) {
        super(loop, null, call);
    }

    @Override
    void report(Throwable e) {}

    /** The value, or the very exception. */
    T make() throws Exception {
        start();
        try {
            join();
        } catch (InterruptedException e) {
            killAndJoin(e);
        }
        if (failure instanceof Exception exception) {
            throw exception;
        } else if (failure instanceof Error error) {
            throw error;
        }
        return result();
    }

    /**
     * The caller was interrupted; if this was quicker, its result counts, and the interrupt comes
     * later.
     */
    private void killAndJoin(InterruptedException reason) throws InterruptedException {
        kill();
        boolean interrupted = false;
        while (!isDone()) {
            try {
                join();
            } catch (InterruptedException more) {
                interrupted = true;
            }
        }
        boolean quicker = state == State.SUCCEEDED;
        if (quicker || interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!quicker) {
            if (failure != null) {
                reason.addSuppressed(failure);
            }
            throw reason;
        }
    }
}
