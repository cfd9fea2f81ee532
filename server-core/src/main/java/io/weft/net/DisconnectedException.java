package io.weft.net;

import java.io.IOException;
import java.net.SocketException;

/** The connection was cut: by the peer, by the network, or because this side had closed it. */
public final class DisconnectedException extends SocketException {
    private static final long serialVersionUID = 1L;

    /** With the failure that said so. */
    public DisconnectedException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }

    /** The failure again, for one more caller, with that caller's stack trace. */
    static DisconnectedException of(String verb, Connection connection, IOException cause) {
        return new DisconnectedException(
                cause instanceof SocketException
                        ? String.valueOf(cause.getMessage())
                        : "cannot " + verb + " " + connection + ": " + cause.getMessage(),
                cause);
    }
}
