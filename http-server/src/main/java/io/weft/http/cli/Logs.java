package io.weft.http.cli;

import io.weft.Printable;
import io.weft.cli.log.BoundedAppender;
import io.weft.http.server.AccessLog;
import io.weft.http.server.LogFormat;
import io.weft.pool.ThreadPool;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** What the command writes while it serves; {@code -} is where it writes anyway. Any thread. */
final class Logs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    private final @Nullable AccessLog access;
    private final @Nullable ErrorLog errors;

    private Logs(@Nullable AccessLog access, @Nullable ErrorLog errors) {
        this.access = access;
        this.errors = errors;
    }

    /**
     * Opens the files.
     *
     * @param accessFile null for no access log
     */
    static Logs open(@Nullable String accessFile, LogFormat format, String errorFile)
            throws IOException {
        ErrorLog errors = errorFile.equals("-") ? null : ErrorLog.to(Path.of(errorFile));
        try {
            return new Logs(accessLog(accessFile, format), errors);
        } catch (IOException e) {
            if (errors != null) {
                errors.close();
            }
            throw new IOException("cannot write to " + accessFile + " (--access-logfile)", e);
        }
    }

    private static @Nullable AccessLog accessLog(@Nullable String file, LogFormat format)
            throws IOException {
        if (file == null) {
            return null;
        }
        return file.equals("-") ? AccessLog.toStdout(format) : AccessLog.to(Path.of(file), format);
    }

    @Nullable AccessLog access() {
        return access;
    }

    /** gunicorn: USR1 reopens the log files. */
    void reopen() throws InterruptedException {
        try {
            ThreadPool.shared()
                    .apply(
                            () -> {
                                if (errors != null) {
                                    errors.reopen();
                                }
                                if (access != null) {
                                    access.reopen();
                                }
                                return null;
                            });
        } catch (ExecutionException e) {
            LOG.error(
                    "cannot open a log anew, the old one stays in use: {}",
                    Printable.of(e.getCause()));
        }
    }

    @Override
    public void close() throws IOException {
        if (access != null) {
            access.close();
        }
        if (errors != null) {
            try {
                BoundedAppender.drain();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            errors.close();
        }
    }
}
