package io.weft.http.h1;

import io.weft.http.Request;
import io.weft.http.Response;

/**
 * Hears of each request when it has been answered, also of one that was refused before any handler
 * was asked: its method and target are {@code -} if they could not be read. In the connection's
 * coroutine.
 */
@FunctionalInterface
public interface RequestLog {
    /**
     * One request and what was answered.
     *
     * @param nanos from the end of its head to the end of the response
     */
    void answered(Request request, Response response, long nanos);
}
