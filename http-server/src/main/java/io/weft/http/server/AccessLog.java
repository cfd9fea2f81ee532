package io.weft.http.server;

import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.h1.RequestLog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;

/**
 * A line for each request that was answered, in a file or on standard output (gevent: log;
 * gunicorn: access-logfile). Lines are gathered and written by a thread of their own, so that no
 * loop waits for a disk; close it to have the last ones written. Any thread.
 *
 * <p>Differences from gevent and gunicorn: sizes are those of the body alone; a request that was
 * refused for its syntax has a line as in pywsgi, with {@code -} for what could not be read.
 */
public final class AccessLog implements RequestLog, AutoCloseable {
    private volatile LogFormat format;
    private final LogFile file;
    private final Clock clock;

    AccessLog(LogFormat format, LogFile file, Clock clock) {
        this.format = format;
        this.file = file;
        this.clock = clock;
    }

    /**
     * Appends to {@code file}, which is made if there is none.
     *
     * @throws IOException if that cannot be done
     */
    public static AccessLog to(Path file, LogFormat format) throws IOException {
        return new AccessLog(format, new LogFile(file), Clock.system(ZoneId.systemDefault()));
    }

    /** Writes to standard output. */
    public static AccessLog toStdout(LogFormat format) {
        return new AccessLog(format, new LogFile(), Clock.system(ZoneId.systemDefault()));
    }

    @Override
    public void answered(Request request, Response response, long nanos) {
        file.append(format.line(new Answered(request, response, nanos, clock)));
    }

    /** Has the next lines look like that. */
    public void format(LogFormat next) {
        format = next;
    }

    /**
     * Opens the file by its name again, after it was moved away (SIGUSR1): what was logged before
     * is in the old one. Standard output stays.
     *
     * @throws IOException if it cannot be opened; then the old one stays in use
     */
    public void reopen() throws IOException {
        file.reopen();
    }

    /** Returns when all lines until now have been written. */
    public void flush() {
        file.flush();
    }

    /** Writes what is left, and closes the file. Later requests are not logged. */
    @Override
    public void close() {
        file.close();
    }
}
