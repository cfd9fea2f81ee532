package io.weft.process;

import io.weft.sync.Semaphore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Writes to a stream whose own writes hold the thread, and so a coroutine's whole loop, as those of
 * files, pipes and devices do (gevent: FileObjectThread). A helper thread writes; a coroutine that
 * is too fast for it is parked, and can be killed and timed out. Any thread, several at a time: the
 * bytes of one call stay together.
 *
 * <p>Small writes are gathered until {@link #flush()}, {@link #close()} or a full buffer of 8 KiB;
 * one more is with the helper at most. A write that fails is told to the next call that waits for
 * it, once. Who is killed while the other side does not read leaves his last buffer with the
 * helper, which goes on, and has written some of what he wanted or all of it. The helper is a
 * daemon, and there is at most one for a stream: it ends when its write returns.
 */
public final class CooperativeOutputStream extends OutputStream {
    /** As Python's and Java's buffered streams. */
    private static final int BUFFER = 8 * 1024;

    private final OutputStream sink;
    private final String name;
    private final boolean shared;
    private final Semaphore turn = new Semaphore(1);
    private volatile boolean closed;

    // guarded by turn
    private byte[] buffer = new byte[BUFFER];
    private int filled;
    private @Nullable CompletableFuture<Boolean> pending;

    /** Writes to {@code sink}, to which nobody else is to write from now on. */
    public CooperativeOutputStream(OutputStream sink) {
        this(sink, sink.toString(), false);
    }

    /** A shared one is nobody's to close. */
    CooperativeOutputStream(OutputStream sink, String name, boolean shared) {
        this.sink = sink;
        this.name = name;
        this.shared = shared;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /**
     * @throws java.io.InterruptedIOException if killed or timed out
     */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        takeTurn();
        try {
            requireOpen();
            for (int done = 0; done < length; ) {
                if (filled == buffer.length) {
                    send();
                }
                int count = Math.min(length - done, buffer.length - filled);
                System.arraycopy(bytes, offset + done, buffer, filled, count);
                filled += count;
                done += count;
            }
        } finally {
            turn.release();
        }
    }

    private void takeTurn() throws IOException {
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            throw Helpers.interrupted(e);
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(this + " is closed");
        }
    }

    /**
     * Waits until everything written has been given to the system.
     *
     * @throws java.io.InterruptedIOException if killed or timed out
     */
    @Override
    public void flush() throws IOException {
        takeTurn();
        try {
            send();
            settle();
        } finally {
            turn.release();
        }
    }

    /** Hands the buffer to a helper, when the one before has done its work. */
    private void send() throws IOException {
        settle();
        if (filled > 0) {
            requireOpen();
            byte[] full = buffer;
            int length = filled;
            buffer = new byte[BUFFER];
            filled = 0;
            pending =
                    Helpers.submit(
                            () -> {
                                sink.write(full, 0, length);
                                sink.flush();
                                return true;
                            });
        }
    }

    private void settle() throws IOException {
        CompletableFuture<Boolean> sending = pending;
        if (sending != null) {
            try {
                Helpers.await(sending);
                pending = null;
            } catch (InterruptedException e) {
                throw Helpers.interrupted(e); // it goes on, and the next one waits for it
            } catch (IOException | RuntimeException e) {
                pending = null;
                throw e;
            }
        }
    }

    /**
     * Sends what is left, and the end, by closing the sink. It waits as {@link #flush()} does;
     * killed meanwhile, the helper still sends the end.
     *
     * @throws IOException if what was left could not be written, or the sink not closed
     * @throws java.io.InterruptedIOException if killed or timed out
     */
    @Override
    public void close() throws IOException {
        if (shared) {
            flush();
            return;
        }
        takeTurn();
        try {
            if (closed) {
                return;
            }
            try {
                send();
                settle();
            } catch (IOException | RuntimeException e) {
                closed = true;
                var _ = afterPending();
                throw e;
            }
            closed = true;
            pending = afterPending();
            settle();
        } finally {
            turn.release();
        }
    }

    private CompletableFuture<Boolean> afterPending() {
        var before = pending;
        return before == null
                ? Helpers.submit(this::closeSink)
                : before.handle((done, failure) -> true)
                        .thenCompose(_ -> Helpers.submit(this::closeSink));
    }

    private boolean closeSink() throws IOException {
        sink.close();
        return true;
    }

    /**
     * Sends all of {@code input} and the end, on a helper thread. A child that does not want it is
     * no failure (Python ignores the broken pipe too).
     */
    CompletableFuture<Boolean> sendAll(byte[] input) throws IOException {
        if (!turn.tryAcquire()) {
            throw new IOException(this + " is being written by another than communicate()");
        }
        try {
            byte[] head = Arrays.copyOf(buffer, filled);
            filled = 0;
            closed = true;
            var before = pending;
            var settled =
                    before == null
                            ? CompletableFuture.completedFuture(true)
                            : before.handle((done, failure) -> true);
            return settled.thenCompose(_ -> Helpers.submit(() -> sendRest(head, input)));
        } finally {
            turn.release();
        }
    }

    private boolean sendRest(byte[] head, byte[] input) {
        try (sink) {
            sink.write(head);
            sink.write(input);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives up what has not been sent, without waiting. */
    void abandon() {
        closed = true;
        var _ = Helpers.submit(this::closeSink);
    }

    @Override
    public String toString() {
        return name;
    }
}
