package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * What the client sent is no {@code multipart/form-data}, or more of it than it may send. A handler
 * that does not catch it answers with its status.
 */
public final class MultipartException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    MultipartException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** 400 for what is malformed, 413 for what is too much. */
    public int status() {
        return status;
    }
}
