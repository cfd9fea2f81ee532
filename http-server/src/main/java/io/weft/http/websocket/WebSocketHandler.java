package io.weft.http.websocket;

/** Talks to one client, in the connection's coroutine. */
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * Serves the connection until it has no more use for it. When it returns, the connection is
     * closed with the code 1000, unless it was closed before.
     *
     * @throws Exception anything: the client gets the code 1011, the log the reason; what is thrown
     *     because the client has gone is not logged
     */
    void handle(WebSocketConnection socket) throws Exception;
}
