package io.weft.net;

import java.io.IOException;

/**
 * The peer sent more than was allowed before what was waited for. The peer's fault; nothing has
 * been consumed.
 */
public final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    public LimitExceededException(String message) {
        super(message);
    }
}
