package io.weft.http.cli;

import org.jspecify.annotations.Nullable;

/** The application cannot be served; the message is the one line that the user reads. */
final class AppException extends Exception {
    private static final long serialVersionUID = 1L;

    /** gunicorn: Arbiter.WORKER_BOOT_ERROR. */
    static final int FAILED_TO_START = 3;

    /** gunicorn: Arbiter.APP_LOAD_ERROR. */
    static final int NOT_LOADED = 4;

    private final int exitCode;

    AppException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
