package io.weft.http.h1;

import io.netty.handler.codec.http.HttpRequest;
import io.weft.http.HttpException;
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
     * @param farewell of HTTP/1.1, to be said on the hub right before its codec is replaced
     */
    void takeOver(Connection connection, HttpRequest request, Farewell farewell) throws Exception;

    /** The end of HTTP/1.1 on a connection. */
    interface Farewell {
        /**
         * On the hub.
         *
         * @throws HttpException if more bytes have come: they were read as HTTP, and cannot be read
         *     as anything else
         */
        void say() throws HttpException;
    }

    /** Has the connection end soon: the server stops. Any thread, also before the take-over. */
    default void drain() {}
}
