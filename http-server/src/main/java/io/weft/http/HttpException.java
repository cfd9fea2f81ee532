package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that is answered by an error status. The message is for the client to read, so it must
 * not tell more than the client may know.
 */
public class HttpException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final LinkedHashMap<String, String> headers = new LinkedHashMap<>(0);

    /**
     * An answer with {@code status}, 400 to 599.
     *
     * @param message what was expected, what came
     */
    public HttpException(int status, String message) {
        this(status, message, null);
    }

    /** As before, with what led to it, for the log. */
    public HttpException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(
                    "an error has a status of 400 to 599, but got " + status);
        }
        this.status = status;
    }

    /** 400 to 599. */
    public final int status() {
        return status;
    }

    /**
     * Adds a field that the answer must have, as 401 has {@code WWW-Authenticate}.
     *
     * @throws IllegalArgumentException if it cannot be one, as {@link Headers} says
     */
    public final HttpException header(String name, String value) {
        headers.put(Sendable.fieldName(name), Sendable.fieldValue(name, value));
        return this;
    }

    /** What {@link #header} was given. */
    public final Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
