package io.weft.net;

import io.weft.Causes;
import io.weft.NotAnError;

import java.io.IOException;
import java.net.SocketException;

/** A connection was cut: by the peer, by the network, or because this side had closed it. */
public final class DisconnectedException extends SocketException implements NotAnError {
    private static final long serialVersionUID = 1L;

    private final transient Connection connection;

    /** Of {@code connection}, with the failure that said so. */
    public DisconnectedException(Connection connection, String message, Throwable cause) {
        super(message);
        initCause(cause);
        this.connection = connection;
    }

    /** The failure again, for one more caller, with that caller's stack trace. */
    static DisconnectedException of(String verb, Connection connection, IOException cause) {
        return new DisconnectedException(
                connection,
                cause instanceof SocketException
                        ? String.valueOf(cause.getMessage())
                        : "cannot " + verb + " " + connection + ": " + cause.getMessage(),
                cause);
    }

    /**
     * Whether {@code e} says, or comes of it, that {@code connection} was cut, and not one of the
     * others that a handler may have.
     */
    public static boolean isBehind(Throwable e, Connection connection) {
        return Causes.match(
                e, t -> t instanceof DisconnectedException cut && cut.connection == connection);
    }
}
