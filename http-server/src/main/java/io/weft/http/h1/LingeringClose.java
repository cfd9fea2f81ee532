package io.weft.http.h1;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import io.weft.net.Connection;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The end of a connection whose client may still send: closing at once would reset it, and the last
 * answer could be lost before it is read (RFC 9112 section 9.6; nginx: lingering_close). In the
 * connection's coroutine.
 */
final class LingeringClose {
    /** How much the client may still say. */
    private static final int BYTES = 1024 * 1024;

    private LingeringClose() {}

    /**
     * Sends the end, when what was written is out, and drops what comes until the client ends its
     * side too or has had enough.
     */
    static void of(Connection connection, Inbox inbox) throws IOException {
        connection.flush();
        of(connection, inbox, new Patience(connection.loop()));
    }

    /** As before, with the patience that is left. */
    static void of(Connection connection, Inbox inbox, Patience patience) throws IOException {
        connection.flush();
        if (!connection.isOpen() || inbox.hasEnded()) {
            return;
        }
        connection.shutdownOutput();
        try {
            int dropped = 0;
            for (Duration wait; dropped < BYTES && (wait = patience.next()) != null; ) {
                inbox.limit(wait);
                HttpObject part = inbox.next();
                if (part == null) {
                    return;
                }
                if (part instanceof HttpContent content) {
                    dropped += content.content().readableBytes();
                }
                ReferenceCountUtil.release(part);
            }
        } catch (SocketTimeoutException e) {
            // it has had its time
        }
    }
}
