package io.weft.net;

import java.net.SocketException;

/** The connection was cut: by the peer, by the network, or because this side had closed it. */
public final class DisconnectedException extends SocketException {
    private static final long serialVersionUID = 1L;

    /** With the failure that said so. */
    public DisconnectedException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
