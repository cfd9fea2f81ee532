package io.weft.http;

/** A {@link Handler} that returns its whole answer. */
@FunctionalInterface
public interface ReplyHandler {
    /** Answers one request; may throw as a {@link Handler} may. */
    Reply handle(Request request) throws Exception;

    /** The same as a {@link Handler}. */
    default Handler asHandler() {
        return (request, response) -> handle(request).sendTo(response);
    }
}
