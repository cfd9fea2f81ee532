package io.weft.http.server;

import io.weft.Daemons;
import io.weft.Printable;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that lines are appended to. They are gathered here and written by a platform thread, as a
 * write to a file would hold the loop. When the file does not keep up, who appends waits,
 * cooperatively; when it takes nothing at all, as a pipe that nobody reads, lines are lost and
 * counted. Any thread.
 *
 * <pre>
 *   append ──▶ pending ──writer, flush, reopen──▶ out
 *              [lock]            [writing]
 * </pre>
 */
final class LogFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

    /** How much gathers before it is written at once (nginx: access_log buffer=64k). */
    private static final int MUCH = 64 * 1024;

    /** With so much nobody can append before some is written. */
    private static final int MOST = 16 * MUCH;

    /** How long it gathers: the busiest log costs no more than 50 wake-ups a second. */
    private static final Duration GATHER = Duration.ofMillis(20);

    /** How long one waits for a file that takes nothing, in all. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final @Nullable Path path; // null: standard output

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition(); // there is some to write
    private final Condition room = lock.newCondition();
    private StringBuilder pending = new StringBuilder();
    private boolean closed;
    private boolean stuck; // nobody waits for room until there was some
    private long lost; // lines

    private final CountDownLatch ended = new CountDownLatch(1); // the writer
    private final ReentrantLock writing = new ReentrantLock(); // is taken before the other
    private OutputStream out;
    private boolean failing;

    /** Standard output. */
    LogFile() {
        this(null, new FileOutputStream(FileDescriptor.out));
    }

    LogFile(Path path) throws IOException {
        this(path, open(path));
    }

    private LogFile(@Nullable Path path, OutputStream out) {
        this.path = path;
        this.out = out;
        Daemons.named("weft-access-log").start(this::run);
    }

    private static OutputStream open(Path path) throws IOException {
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Adds a line, which has no end of its own. */
    void append(CharSequence line) {
        lock.lock();
        try {
            awaitRoom();
            if (closed) {
                return;
            }
            if (pending.length() > MOST) {
                lost++;
                return;
            }
            boolean first = pending.isEmpty();
            pending.append(line).append('\n');
            if (first || pending.length() > MUCH) {
                some.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        long left = PATIENCE.toNanos();
        try {
            while (pending.length() > MOST && !closed && !stuck) {
                left = room.awaitNanos(left);
                stuck = left <= 0 && pending.length() > MOST;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a kill is for what the caller does next
        }
    }

    private void run() {
        try {
            while (awaitSome()) {
                flush();
            }
            end();
        } finally {
            ended.countDown();
        }
    }

    /** False when it is closed. */
    private boolean awaitSome() {
        lock.lock();
        try {
            while (pending.isEmpty() && !closed) {
                some.awaitUninterruptibly();
            }
            long left = GATHER.toNanos();
            long until = System.nanoTime() + left;
            while (pending.length() <= MUCH && !closed && left > 0) {
                some.await(left, TimeUnit.NANOSECONDS);
                left = until - System.nanoTime();
            }
            return !closed;
        } catch (InterruptedException e) {
            return !closed; // nobody has reason to; it only ends the wait
        } finally {
            lock.unlock();
        }
    }

    /** Returns when what was appended before has been written. */
    void flush() {
        writing.lock();
        try {
            String lines = take();
            if (!lines.isEmpty()) {
                write(lines.getBytes(StandardCharsets.US_ASCII));
            }
        } finally {
            writing.unlock();
        }
    }

    private String take() {
        lock.lock();
        try {
            String lines = pending.toString();
            pending = new StringBuilder();
            stuck = false;
            room.signalAll();
            return lines;
        } finally {
            lock.unlock();
        }
    }

    /** A log that cannot be written does not stop the server: it says so once, and drops lines. */
    private void write(byte[] lines) {
        try {
            out.write(lines);
            failing = false;
            tellOfLoss();
        } catch (IOException e) {
            if (!failing) {
                LOG.error("cannot write to {}, lines are lost: {}", this, Printable.of(e));
            }
            failing = true;
        }
    }

    private void tellOfLoss() {
        long count = takeLost();
        if (count > 0) {
            LOG.warn("{} took nothing for a while: {} lines are lost", this, count);
        }
    }

    private long takeLost() {
        lock.lock();
        try {
            long count = lost;
            lost = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }

    void reopen() throws IOException {
        if (path == null) {
            return;
        }
        writing.lock();
        try {
            flush();
            if (isClosed()) {
                return;
            }
            OutputStream old = out;
            out = open(path);
            old.close();
        } finally {
            writing.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The writer's last deed. */
    private void end() {
        writing.lock();
        try {
            flush();
            if (path != null) {
                out.close();
            }
        } catch (IOException e) {
            LOG.error("cannot close {}: {}", this, Printable.of(e));
        } finally {
            writing.unlock();
        }
    }

    /** Waits until all is written and the file closed, but not for one that takes nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            some.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!ended.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("{} takes nothing: its last lines are lost", this);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return path == null ? "standard output" : path.toString();
    }
}
