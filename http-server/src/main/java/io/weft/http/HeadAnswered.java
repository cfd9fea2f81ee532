package io.weft.http;

import java.io.IOException;

/**
 * The answer to a HEAD is out, and its handler would stream for as long as there is a client: it
 * need not. Ends the handler, and is no failure.
 */
public final class HeadAnswered extends IOException {
    private static final long serialVersionUID = 1L;

    HeadAnswered() {
        super("the headers are all that was asked for");
    }
}
