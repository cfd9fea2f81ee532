package io.weft.http.wsgi;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Where an application says how it answers. For the application's coroutine. */
@FunctionalInterface
public interface StartResponse {
    /**
     * Takes status and headers, which go out with the first byte of the body, or with its end if
     * there is none.
     *
     * @param status a code and a reason, {@code 200 OK}
     * @param headers in the order in which they are sent
     * @param excInfo what went wrong, if this takes the place of a response that was started before
     * @return for applications that would rather write than return their body
     * @throws IllegalStateException if it was called before, and {@code excInfo} is null
     * @throws IllegalArgumentException if the status is none, or a header must not be sent; nothing
     *     is started then
     * @throws Exception {@code excInfo}, if it is too late because the headers are out
     */
    Write start(String status, List<Map.Entry<String, String>> headers, @Nullable Throwable excInfo)
            throws Exception;

    /** As {@link #start(String, List, Throwable)}, where nothing went wrong. */
    default Write start(String status, List<Map.Entry<String, String>> headers) throws Exception {
        return start(status, headers, null);
    }
}
