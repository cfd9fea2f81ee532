package io.weft.http;

/**
 * Answers requests. It runs in a coroutine of the connection's loop, so it may block as it likes;
 * one handler serves all connections of all loops at once.
 */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request. When it returns, the response is complete: one that was not begun is
     * sent with its status and no body.
     *
     * @throws HttpException to answer with that status
     * @throws Exception anything else: the client gets a 500, or, if the response had begun, a
     *     connection that is cut
     */
    void handle(Request request, Response response) throws Exception;
}
