package io.weft.http;

/** Something before and after a handler: authentication, compression, a log. */
@FunctionalInterface
public interface Filter {
    /** Answers the request itself, or passes it on to {@code next}. */
    void handle(Request request, Response response, Handler next) throws Exception;

    /** {@code handler} behind this filter. */
    default Handler before(Handler handler) {
        return (request, response) -> handle(request, response, handler);
    }
}
