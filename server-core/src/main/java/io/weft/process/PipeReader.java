package io.weft.process;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A child's output, read by a helper thread when somebody waits for it. A reader that gives up
 * loses nothing: what its helper reads later is the next reader's. One reader at a time, on any
 * thread.
 */
final class PipeReader extends InputStream {
    /** As much as a pipe of Linux holds. */
    private static final int CHUNK = 64 * 1024;

    private static final byte[] END = {};

    private final InputStream pipe;
    private @Nullable CompletableFuture<byte[]> pending;
    private @Nullable CompletableFuture<byte[]> all;
    private byte[] chunk = END;
    private int position;
    private boolean ended;
    private volatile boolean closed;

    PipeReader(InputStream pipe) {
        this.pipe = pipe;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try {
            if (!fill()) {
                return -1;
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, bytes, offset, count);
        position += count;
        return count;
    }

    /**
     * Everything from here to the end, read on a helper thread however often it is asked for. After
     * this the stream cannot be read any more.
     */
    CompletableFuture<byte[]> collect() {
        if (all == null) {
            byte[] head = Arrays.copyOfRange(chunk, position, chunk.length);
            if (ended || closed) {
                all = CompletableFuture.completedFuture(head);
            } else {
                var next = pending == null ? Helpers.submit(this::readChunk) : pending;
                all = next.thenApplyAsync(second -> readRest(head, second), Helpers.threads());
            }
        }
        return all;
    }

    private byte[] readRest(byte[] head, byte[] second) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head);
        try {
            for (byte[] next = second; next.length > 0; next = readChunk()) {
                bytes.writeBytes(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public int available() {
        return chunk.length - position;
    }

    /** Waits until there is something; false at the end. */
    private boolean fill() throws IOException, InterruptedException {
        while (position == chunk.length) {
            if (closed || all != null) {
                throw new IOException(
                        closed
                                ? "this output of the child is closed"
                                : "this output of the child is being read by communicate()");
            }
            if (ended) {
                return false;
            }
            if (pending == null) {
                pending = Helpers.submit(this::readChunk);
            }
            byte[] next = Helpers.await(pending);
            pending = null;
            chunk = next;
            position = 0;
            ended = next.length == 0;
        }
        return true;
    }

    private byte[] readChunk() throws IOException {
        var bytes = new byte[CHUNK];
        int count;
        try {
            count = pipe.read(bytes);
        } catch (IOException e) {
            if (closed) {
                return END;
            }
            throw e;
        }
        return count <= 0 ? END : Arrays.copyOf(bytes, count);
    }

    /** Closes the pipe on a helper thread, for one that reads just now holds its lock. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            var _ =
                    Helpers.submit(
                            () -> {
                                pipe.close();
                                return END;
                            });
        }
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        var exception = new InterruptedIOException(cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
