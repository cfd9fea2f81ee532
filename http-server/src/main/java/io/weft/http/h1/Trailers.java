package io.weft.http.h1;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.http.Headers;

import java.util.Locale;
import java.util.Set;

/**
 * Fields behind the body of a response. Those that a recipient needs before it, or that frame the
 * message, are refused (RFC 9110 section 6.5.1); so is everything once they have been sent. Not
 * thread-safe.
 */
final class Trailers extends NettyHeaders {
    private static final Set<String> FORBIDDEN =
            Set.of(
                    // framing and routing
                    "connection",
                    "content-length",
                    "host",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    // how the content is to be processed
                    "content-encoding",
                    "content-range",
                    "content-type",
                    // request modifiers, authentication
                    "authorization",
                    "cookie",
                    "expect",
                    "max-forwards",
                    "pragma",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "range",
                    "set-cookie",
                    "www-authenticate",
                    // what controls the response
                    "age",
                    "cache-control",
                    "date",
                    "expires",
                    "location",
                    "retry-after",
                    "vary",
                    "warning");

    private boolean sent;

    Trailers(HttpHeaders fields) {
        super(fields);
    }

    /** They are on the wire: nothing can be changed any more. */
    void sent() {
        sent = true;
    }

    @Override
    public Headers set(String name, String value) {
        require(name);
        return super.set(name, value);
    }

    @Override
    public Headers add(String name, String value) {
        require(name);
        return super.add(name, value);
    }

    private void require(String name) {
        if (sent) {
            throw new IllegalStateException(
                    "the trailer "
                            + Printable.of(name)
                            + " comes too late: the response is complete");
        }
        if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    name + " cannot follow a body (RFC 9110 section 6.5.1); set it as a header");
        }
    }
}
