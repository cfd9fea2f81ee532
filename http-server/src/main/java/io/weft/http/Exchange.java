package io.weft.http;

import io.weft.sync.Event;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.net.SocketAddress;

/**
 * One request and the way back, as a protocol implements them for {@link Request} and {@link
 * Response}. In the connection's coroutine.
 */
public interface Exchange extends ResponseSink {
    String method();

    /** The request target as it came. */
    String target();

    /** {@code HTTP/1.1} or the like. */
    String protocol();

    /** {@code http} or {@code https}. */
    String scheme();

    Headers headers();

    /** The request's body; at its end it returns -1. */
    InputStream body();

    /** What came after the body; empty before its end. */
    Headers trailers();

    @Nullable SocketAddress remoteAddress();

    @Nullable SocketAddress localAddress();

    /** Fresh fields for a response. */
    Headers newHeaders();

    /** Fresh fields to follow the body of a response. */
    Headers newTrailers();

    /** The reason beside the next status, where the protocol has one; null for the usual one. */
    void reason(@Nullable String phrase);

    /** Has this coroutine killed when the client goes away, until the response is complete. */
    void endWithClient();

    /**
     * Has this coroutine killed when the server begins to stop, until it returns; what it has left
     * open is completed then.
     */
    void endWithServer();

    /** Set when the server begins to stop. */
    Event stop();

    /** How many bytes of body went out: of a response that was cut, about how many. */
    long bodySent();

    /** Whether the response is complete, and all of it has been given to the kernel. */
    boolean isSent();
}
