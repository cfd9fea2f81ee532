package io.weft.net;

import io.weft.Action;
import io.weft.Loop;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/**
 * How what is asked of a connection elsewhere gets to its loop: as a call, which is waited for, or
 * posted. A loop that has ended has closed its connections, and touches them no more. Any thread.
 */
final class Passage {
    private Passage() {}

    /** The value of {@code call}, made on the connection's loop. */
    static <T extends @Nullable Object> T call(Connection connection, Callable<T> call)
            throws IOException {
        try {
            return connection.loop().call(call);
        } catch (IOException | RuntimeException e) {
            if (e instanceof CancellationException) {
                throw new SocketException(connection + " is closed: its loop has ended");
            }
            throw e;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Weft's sync calls throw one, its connections' calls the other. */
    static InterruptedIOException interrupted(InterruptedException cause) {
        var exception = new InterruptedIOException(cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    /** As {@link #call}, without a value. */
    static void run(Connection connection, Action action) throws IOException {
        call(
                connection,
                () -> {
                    action.run();
                    return null;
                });
    }

    /** Has {@code action} run on {@code loop}; here, if the caller is on it or it has ended. */
    static void post(Loop loop, Runnable action) {
        post(loop, action, () -> {}); // if the loop has ended, its channels have too
    }

    /** As {@link #post(Loop, Runnable)}, with what to do if the loop ends just now. */
    static void post(Loop loop, Runnable action, Runnable otherwise) {
        if (loop.isCurrent() || loop.hasEnded()) {
            action.run();
        } else {
            try {
                loop.eventLoop().execute(action);
            } catch (RejectedExecutionException e) {
                otherwise.run();
            }
        }
    }
}
