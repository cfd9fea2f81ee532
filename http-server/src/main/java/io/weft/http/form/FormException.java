package io.weft.http.form;

import java.io.IOException;

/**
 * What the client sent is no form, or more of one than it may send. A handler that does not catch
 * it answers with its status.
 */
public final class FormException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    FormException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** 400 for what is malformed, 413 for what is too much. */
    public int status() {
        return status;
    }
}
