package io.weft.http.h1;

import io.netty.handler.codec.http.HttpRequest;
import io.weft.http.Upgrade;
import io.weft.net.Connection;

/**
 * A protocol that takes over a connection of HTTP/1.1, beginning with the answer to its request.
 */
public interface Http1Upgrade extends Upgrade {
    /**
     * Answers the request, and serves the connection until its end. In the connection's coroutine.
     *
     * @param request the head that asked for it
     */
    void takeOver(Connection connection, HttpRequest request) throws Exception;

    /** Has the connection end soon: the server stops. Any thread, also before the take-over. */
    default void drain() {}
}
