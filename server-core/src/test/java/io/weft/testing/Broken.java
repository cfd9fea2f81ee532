package io.weft.testing;

import io.weft.Timeout;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/**
 * All that user code may throw of its own: none of it is the doing of a peer, or of whoever called
 * that code, whatever it looks like.
 */
@SuppressWarnings("ImmutableEnumChecker") // what makes them is a function
public enum Broken {
    INTERRUPTED_IO(() -> new InterruptedIOException("own")),
    SOCKET_TIMEOUT(() -> new SocketTimeoutException("own")),
    END_OF_FILE(() -> new EOFException("own")),
    CLOSED_CHANNEL(ClosedChannelException::new),
    CLOSED_BY_INTERRUPT(ClosedByInterruptException::new),
    RESET(() -> new SocketException("Connection reset")),
    REFUSED(() -> new ConnectException("own")),
    UNCHECKED_IO(() -> new UncheckedIOException(new IOException("own"))),
    UNCHECKED_TIMEOUT(() -> new UncheckedIOException(new SocketTimeoutException("own"))),
    TIMEOUT(() -> new TimeoutException("own")),
    INTERRUPTED(() -> new InterruptedException("own")),
    EXPIRED(Broken::expired),
    CANCELLED(() -> new CancellationException("own")),
    RUNTIME(() -> new IllegalStateException("own")),
    NO_MESSAGE(NullPointerException::new),
    ASSERTION(() -> new AssertionError("own")),
    LINKAGE(() -> new NoClassDefFoundError("own")),
    MEMORY(() -> new OutOfMemoryError("own")),
    STACK(Broken::overflow),
    THREAD_DEATH(() -> new Error("as ThreadDeath was")),
    MUTE(Mute::new),
    CYCLE(Broken::cycle),
    DEEP(Broken::deep),
    SNEAKY(() -> new Throwable("neither Exception nor Error"));

    /** What makes one. */
    private interface Maker {
        Throwable make();
    }

    private final Maker maker;

    Broken(Maker maker) {
        this.maker = maker;
    }

    /** Throws it, as code does that was compiled from another language. */
    public void fail() {
        Broken.<RuntimeException>sneak(maker.make());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable e) throws E {
        throw (E) e;
    }

    private static Throwable expired() {
        try (var _ = Timeout.start(Duration.ZERO)) {
            Thread.sleep(Duration.ofHours(1));
            return new AssertionError("it was to expire");
        } catch (InterruptedException e) {
            return e;
        }
    }

    private static Throwable overflow() {
        try {
            return new AssertionError(descend(0));
        } catch (StackOverflowError e) {
            return e;
        }
    }

    private static int descend(int depth) {
        return depth < 0 ? 0 : descend(depth + 1) + 1;
    }

    private static Throwable cycle() {
        var first = new IllegalStateException("own");
        first.initCause(new IllegalStateException("its cause", first));
        return first;
    }

    private static Throwable deep() {
        Throwable e = new IllegalStateException("the first");
        for (int i = 0; i < 50_000; i++) {
            e = new IllegalStateException("own", e);
            e.setStackTrace(new StackTraceElement[0]);
        }
        return e;
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("no message");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("no words");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new UnsupportedOperationException("no cause");
        }
    }
}
