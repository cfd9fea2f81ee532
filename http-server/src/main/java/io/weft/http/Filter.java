package io.weft.http;

/**
 * Something before and after a handler: authentication, compression, a log. What it throws, or lets
 * pass of what {@code next} throws, becomes an answer outside of all filters. That has the fields
 * that they had set before they passed the request on, or threw: so a filter's CORS fields stand in
 * a 404 and a 500 too, and its {@link Response#through} sees them.
 */
@FunctionalInterface
public interface Filter {
    /** Answers the request itself, or passes it on to {@code next}. */
    void handle(Request request, Response response, Handler next) throws Exception;

    /** {@code handler} behind this filter. */
    default Handler before(Handler handler) {
        return new Filtered(this, handler);
    }
}
