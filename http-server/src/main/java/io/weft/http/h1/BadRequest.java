package io.weft.http.h1;

import java.io.IOException;

/**
 * What a client sent, or failed to send, is no request that can be answered: the status that says
 * so. Afterwards nothing more is read from the connection.
 */
final class BadRequest extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
