package io.weft.process;

import io.weft.Deadline;
import io.weft.WaitQueue;
import io.weft.net.LimitExceededException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a stream whose own reads hold the thread, and so a coroutine's whole loop, as those of
 * files, pipes and devices do (gevent: FileObjectThread). A helper thread reads when somebody
 * waits; the coroutine is parked meanwhile, and can be killed and timed out. That loses nothing:
 * what the helper reads later is the next reader's. Any thread, several at a time: each read is
 * one, and lines of {@link #readLine} stay whole.
 *
 * <p>At most 64 KiB are read ahead, and a line up to its limit. A read that fails tells the one
 * that waits for it; the next one tries again. The helper is a daemon, and there is at most one for
 * a stream: it ends when its read returns, or fails because the stream was closed. A pipe that
 * never says a word more, and is none of a {@link Subprocess}, keeps it for good.
 *
 * <p>Differences from gevent: one thread at a time and none while nobody reads, instead of a place
 * in the hub's pool of ten, which ten idle pipes exhaust.
 */
public final class CooperativeInputStream extends InputStream {
    /** As much as a pipe of Linux holds. */
    private static final int CHUNK = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final InputStream source;
    private final String name;
    private final boolean shared;
    private final WaitQueue state = new WaitQueue();

    // guarded by state; while a helper fills the buffer behind end, the rest of it can be taken
    private byte[] buffer = NOTHING;
    private int position;
    private int end;
    private long taken; // out of the buffer, in all
    private boolean filling;
    private @Nullable CompletableFuture<Boolean> lastFill;
    private @Nullable Throwable failure;
    private boolean ended;
    private @Nullable CompletableFuture<byte[]> rest;
    private volatile boolean closed;

    /** Reads {@code source}, which nobody else is to read from now on. */
    public CooperativeInputStream(InputStream source) {
        this(source, source.toString(), false);
    }

    /** A shared one is nobody's to close. */
    CooperativeInputStream(InputStream source, String name, boolean shared) {
        this.source = source;
        this.name = name;
        this.shared = shared;
    }

    /**
     * @throws java.io.InterruptedIOException if killed or timed out; nothing is lost
     */
    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Waits for at least one byte; -1 at the end.
     *
     * @throws java.io.InterruptedIOException if killed or timed out; nothing is lost
     */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        state.lock();
        try {
            requireReadable();
            while (position == end) {
                if (ended) {
                    return -1;
                }
                awaitMore();
            }
            int count = Math.min(length, end - position);
            System.arraycopy(buffer, position, bytes, offset, count);
            take(count);
            return count;
        } finally {
            state.unlock();
        }
    }

    /**
     * The next line in UTF-8, without its end, which is LF or CRLF; what is left if the stream ends
     * without one; null at the end. Killed, or at a limit, it leaves what has come for the next
     * reader, which a {@link java.io.BufferedReader} does not.
     *
     * @throws LimitExceededException if no LF comes within {@code limit} bytes; nothing is consumed
     *     then
     * @throws java.io.InterruptedIOException if killed or timed out
     */
    public @Nullable String readLine(int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("a line cannot end within " + limit + " bytes");
        }
        state.lock();
        try {
            long searched = 0; // up to there, counted as taken is
            while (true) {
                requireReadable();
                int feed = feedFrom(position + (int) Math.max(0, searched - taken));
                int length = (feed < 0 ? end : feed + 1) - position;
                if (length > limit || (feed < 0 && length == limit)) {
                    throw new LimitExceededException(
                            "expected a line within " + limit + " bytes of " + this);
                }
                if (feed >= 0) {
                    return takeLine(length, feed > position && buffer[feed - 1] == '\r' ? 2 : 1);
                }
                if (ended) {
                    return length == 0 ? null : takeLine(length, 0);
                }
                searched = taken + length;
                awaitMore();
            }
        } finally {
            state.unlock();
        }
    }

    private int feedFrom(int start) {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private String takeLine(int length, int feed) {
        var line = new String(buffer, position, length - feed, StandardCharsets.UTF_8);
        take(length);
        return line;
    }

    private void take(int count) {
        position += count;
        taken += count;
        if (position == end && ended) {
            buffer = NOTHING;
            position = end = 0;
        }
    }

    /** Waits until there may be more, or the end: others may be quicker to take it. */
    private void awaitMore() throws IOException {
        Throwable failed = failure;
        if (failed != null) {
            failure = null;
            throw Helpers.failure(failed);
        }
        if (!filling) {
            fill();
        }
        if (filling) { // it may have failed at once
            try {
                state.await(Deadline.NEVER, this);
            } catch (InterruptedException e) {
                throw Helpers.interrupted(e);
            }
        }
        requireReadable();
    }

    private void requireReadable() throws IOException {
        if (closed) {
            throw new IOException(this + " is closed");
        }
        if (rest != null) {
            throw new IOException(this + " is being read by communicate()");
        }
    }

    private void fill() {
        makeRoom();
        byte[] target = buffer;
        int from = end;
        filling = true;
        lastFill =
                Helpers.submit(() -> source.read(target, from, target.length - from))
                        .handle(this::filled);
    }

    private void makeRoom() {
        int kept = end - position;
        if (kept == 0 && buffer.length != CHUNK) {
            buffer = new byte[CHUNK];
        } else if (kept == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * kept);
        } else if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, kept);
        }
        position = 0;
        end = kept;
    }

    private boolean filled(@Nullable Integer count, @Nullable Throwable failed) {
        state.lock();
        try {
            filling = false;
            failure = failed;
            if (count != null && count < 0) {
                ended = true;
            } else if (count != null) {
                end += count;
            }
            if (closed) {
                forget();
            }
            state.wakeAll();
        } finally {
            state.unlock();
        }
        return failed == null;
    }

    private void forget() {
        buffer = NOTHING;
        position = end = 0;
    }

    /** What can be read without waiting, as far as it is here already. */
    @Override
    public int available() {
        state.lock();
        try {
            return end - position;
        } finally {
            state.unlock();
        }
    }

    /**
     * Closes the source too, on a helper thread, and does not wait for that. Whoever waits here
     * gets an IOException. Whether a read of the source that is going on ends with that is up to
     * the source: one of a plain file or pipe does not.
     */
    @Override
    public void close() {
        state.lock();
        try {
            if (closed || shared) {
                return;
            }
            closed = true;
            if (!filling) {
                forget();
            }
            state.wakeAll();
        } finally {
            state.unlock();
        }
        var _ =
                Helpers.submit(
                        () -> {
                            source.close();
                            return true;
                        });
    }

    /**
     * Everything from here to the end, read on a helper thread however often it is asked for. After
     * this the stream cannot be read any more.
     */
    CompletableFuture<byte[]> collect() {
        state.lock();
        try {
            var all = rest;
            if (all == null) {
                var before = lastFill;
                rest =
                        all =
                                before == null
                                        ? Helpers.submit(this::readRest)
                                        : before.thenCompose(_ -> Helpers.submit(this::readRest));
                state.wakeAll();
            }
            return all;
        } finally {
            state.unlock();
        }
    }

    private byte[] readRest() throws IOException {
        var bytes = new ByteArrayOutputStream();
        state.lock();
        try {
            bytes.write(buffer, position, end - position);
            forget();
            if (failure != null) {
                throw Helpers.failure(failure);
            }
            if (ended) {
                return bytes.toByteArray();
            }
        } finally {
            state.unlock();
        }
        var chunk = new byte[CHUNK];
        try {
            for (int count; !closed && (count = source.read(chunk)) >= 0; ) {
                bytes.write(chunk, 0, count);
            }
        } catch (IOException e) {
            if (!closed) {
                throw e;
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
