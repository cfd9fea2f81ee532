package io.weft.process;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A child's input, written by a helper thread. Small writes are gathered until {@link #flush()},
 * {@link #close()} or a full buffer. A writer that is killed while the child does not read leaves
 * its last buffer with the helper, which goes on. One writer at a time, on any thread.
 */
final class PipeWriter extends OutputStream {
    /** As Python's and Java's buffered streams. */
    private static final int BUFFER = 8 * 1024;

    private final OutputStream pipe;
    private byte[] buffer = new byte[BUFFER];
    private int filled;
    private @Nullable CompletableFuture<Boolean> pending;
    private boolean closed;

    PipeWriter(OutputStream pipe) {
        this.pipe = pipe;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("the input of the child is closed");
        }
        for (int done = 0; done < length; ) {
            if (filled == buffer.length) {
                send();
            }
            int count = Math.min(length - done, buffer.length - filled);
            System.arraycopy(bytes, offset + done, buffer, filled, count);
            filled += count;
            done += count;
        }
    }

    /** Waits until everything written has been given to the system. */
    @Override
    public void flush() throws IOException {
        send();
        settle();
    }

    /** Hands the buffer to a helper, when the one before has done its work. */
    private void send() throws IOException {
        settle();
        if (filled > 0) {
            byte[] full = buffer;
            int length = filled;
            buffer = new byte[BUFFER];
            filled = 0;
            pending =
                    Helpers.submit(
                            () -> {
                                pipe.write(full, 0, length);
                                pipe.flush();
                                return true;
                            });
        }
    }

    private void settle() throws IOException {
        CompletableFuture<Boolean> sending = pending;
        if (sending == null) {
            return;
        }
        try {
            Helpers.await(sending);
        } catch (InterruptedException e) {
            throw PipeReader.interrupted(e);
        } finally {
            if (sending.isDone()) {
                pending = null;
            }
        }
    }

    /**
     * Sends what is left, and the end. It waits as {@link #flush()} does; killed meanwhile, the
     * helper still sends the end.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            flush();
        } finally {
            closed = true;
            var ended = pending == null ? Helpers.submit(() -> true) : pending;
            var _ = ended.whenCompleteAsync((done, failure) -> closePipe(), Helpers.threads());
        }
    }

    /**
     * Sends all of {@code input} and the end, on a helper thread. A child that does not want it is
     * no failure (Python ignores the broken pipe too).
     */
    CompletableFuture<Boolean> sendAll(byte[] input) {
        byte[] head = Arrays.copyOf(buffer, filled);
        filled = 0;
        closed = true;
        var before = pending == null ? CompletableFuture.completedFuture(true) : pending;
        return before.handleAsync(
                (done, failure) -> {
                    try (pipe) {
                        pipe.write(head);
                        pipe.write(input);
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                },
                Helpers.threads());
    }

    /** Gives up what has not been sent, without waiting. */
    void abandon() {
        closed = true;
        filled = 0;
        var _ =
                Helpers.submit(
                        () -> {
                            closePipe();
                            return true;
                        });
    }

    private void closePipe() {
        try {
            pipe.close();
        } catch (IOException e) {
            // the child has gone and will not miss it
        }
    }
}
