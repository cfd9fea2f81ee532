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
                    1024 * 1024,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    false,
                    List.of(),
                    List.of());

    private final int messageSize;
    private final @Nullable Duration pingInterval;
    private final Duration closeTimeout;
    private final boolean compression;
    private final List<String> protocols;
    private final List<String> origins;

    private WebSocketSettings(
            int messageSize,
            @Nullable Duration pingInterval,
            Duration closeTimeout,
            boolean compression,
            List<String> protocols,
            List<String> origins) {
        if (messageSize < 1 || messageSize == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "expected a message size of 1 to 2147483646 bytes, but got " + messageSize);
        }
        this.messageSize = messageSize;
        this.pingInterval = pingInterval;
        this.closeTimeout = closeTimeout;
        this.compression = compression;
        this.protocols = protocols;
        this.origins = origins;
    }

    /**
     * Bytes of a message, inflated and put together; more is answered by 1009. 1 MiB by default
     * (Python websockets: max_size).
     */
    public int messageSize() {
        return messageSize;
    }

    public WebSocketSettings messageSize(int bytes) {
        return new WebSocketSettings(
                bytes, pingInterval, closeTimeout, compression, protocols, origins);
    }

    /**
     * How often the client is pinged; one from which nothing has come from one ping to the next is
     * given up. 30 s by default (Python websockets: 20 s); null or zero for never.
     */
    public @Nullable Duration pingInterval() {
        return pingInterval;
    }

    public WebSocketSettings pingInterval(@Nullable Duration interval) {
        return new WebSocketSettings(
                messageSize, interval, closeTimeout, compression, protocols, origins);
    }

    /** How long the client may take to answer a close. 10 s by default (Python websockets). */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    public WebSocketSettings closeTimeout(Duration timeout) {
        return new WebSocketSettings(
                messageSize, pingInterval, timeout, compression, protocols, origins);
    }

    /**
     * Whether permessage-deflate is agreed to (RFC 7692); by default it is not (ws for Node.js and
     * Tomcat's compression are off likewise). Where it is, it is without context takeover: zlib's
     * memory, some 300 KB for a message that is compressed and 40 KB for one that is inflated, is
     * held for that message and not between messages. With context takeover each socket would keep
     * it as long as it lives.
     */
    public boolean compression() {
        return compression;
    }

    public WebSocketSettings compression(boolean agreed) {
        return new WebSocketSettings(
                messageSize, pingInterval, closeTimeout, agreed, protocols, origins);
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
                messageSize, pingInterval, closeTimeout, compression, List.of(spoken), origins);
    }

    /**
     * The origins of web pages, as in {@code https://example.org}, that may have a WebSocket beside
     * those of this host itself, whose origin names what {@code Host} or {@code X-Forwarded-Host}
     * does; {@code *} stands for all. None by default (RFC 6455 section 10.2). Clients that are no
     * browsers send no origin, and are not concerned.
     */
    public List<String> origins() {
        return origins;
    }

    public WebSocketSettings origins(String... allowed) {
        return new WebSocketSettings(
                messageSize, pingInterval, closeTimeout, compression, protocols, List.of(allowed));
    }
}
