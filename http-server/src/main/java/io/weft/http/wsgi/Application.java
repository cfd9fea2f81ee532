package io.weft.http.wsgi;

import java.util.Map;

/**
 * An application as PEP 3333 has it. It runs in the coroutine of the request's connection; one
 * application serves all connections of all loops at once.
 *
 * <p>Differences from PEP 3333: an application that fails throws; there is no {@code
 * sys.exc_info()} to ask for it, so it hands the exception itself to {@link StartResponse}.
 */
@FunctionalInterface
public interface Application {
    /**
     * Answers one request: calls {@code startResponse} before the first byte of the body, at the
     * latest while that is iterated over.
     *
     * @param environ what is known of the request; the application's own, to change as it likes
     * @return the body. A collection is sent with its length; anything else is iterated over as the
     *     client takes it, one chunk to an element. If it is an {@link AutoCloseable}, it is closed
     *     once when the request is over, however it ends.
     */
    Iterable<byte[]> call(Map<String, Object> environ, StartResponse startResponse)
            throws Exception;
}
