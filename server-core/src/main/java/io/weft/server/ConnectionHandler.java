package io.weft.server;

import io.weft.net.Connection;

/**
 * What a {@link StreamServer} does with a connection: straight-line blocking code, run in a
 * coroutine of the connection's own. When it returns or throws, the connection is closed.
 */
@FunctionalInterface
public interface ConnectionHandler {
    void handle(Connection connection) throws Exception;
}
