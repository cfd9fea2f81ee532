package io.weft.http.websocket;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What a client may do, and what it is offered: {@link #DEFAULT}, or that with some of it changed.
 * Immutable.
 */
public final class WebSocketSettings {
    /** Each as its method says. */
    public static final WebSocketSettings DEFAULT =
            new WebSocketSettings(
                    1024 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(10), true, List.of());

    private final int messageSize;
    private final @Nullable Duration pingInterval;
    private final Duration closeTimeout;
    private final boolean compression;
    private final List<String> protocols;

    private WebSocketSettings(
            int messageSize,
            @Nullable Duration pingInterval,
            Duration closeTimeout,
            boolean compression,
            List<String> protocols) {
        if (messageSize < 1 || messageSize == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "expected a message size of 1 to 2147483646 bytes, but got " + messageSize);
        }
        this.messageSize = messageSize;
        this.pingInterval = pingInterval;
        this.closeTimeout = closeTimeout;
        this.compression = compression;
        this.protocols = protocols;
    }

    /**
     * Bytes of a message, inflated and put together; more is answered by 1009. 1 MiB by default
     * (Python websockets: max_size).
     */
    public int messageSize() {
        return messageSize;
    }

    public WebSocketSettings messageSize(int bytes) {
        return new WebSocketSettings(bytes, pingInterval, closeTimeout, compression, protocols);
    }

    /**
     * How often the client is pinged; one from which nothing has come from one ping to the next is
     * given up. 30 s by default (Python websockets: 20 s); null or zero for never.
     */
    public @Nullable Duration pingInterval() {
        return pingInterval;
    }

    public WebSocketSettings pingInterval(@Nullable Duration interval) {
        return new WebSocketSettings(messageSize, interval, closeTimeout, compression, protocols);
    }

    /** How long the client may take to answer a close. 10 s by default (Python websockets). */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    public WebSocketSettings closeTimeout(Duration timeout) {
        return new WebSocketSettings(messageSize, pingInterval, timeout, compression, protocols);
    }

    /** Whether permessage-deflate is agreed to; so it is by default. */
    public boolean compression() {
        return compression;
    }

    public WebSocketSettings compression(boolean agreed) {
        return new WebSocketSettings(messageSize, pingInterval, closeTimeout, agreed, protocols);
    }

    /**
     * The sub-protocols spoken here; the client's first that is among them is chosen. None by
     * default.
     */
    public List<String> protocols() {
        return protocols;
    }

    public WebSocketSettings protocols(String... spoken) {
        return new WebSocketSettings(
                messageSize, pingInterval, closeTimeout, compression, List.of(spoken));
    }
}
