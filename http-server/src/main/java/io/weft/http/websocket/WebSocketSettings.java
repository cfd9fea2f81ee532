package io.weft.http.websocket;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What a client may do, and what it is offered.
 *
 * @param messageSize bytes of a message, inflated and put together; more is answered by 1009
 *     (Python websockets: max_size, 1 MiB)
 * @param pingInterval how often the client is pinged; one from which nothing has come from one ping
 *     to the next is given up; null or zero for never (Python websockets: 20 s)
 * @param closeTimeout how long the client may take to answer a close (Python websockets: 10 s)
 * @param compression whether permessage-deflate is agreed to
 * @param protocols the sub-protocols spoken here; the client's first that is among them is chosen
 */
public record WebSocketSettings(
        int messageSize,
        @Nullable Duration pingInterval,
        Duration closeTimeout,
        boolean compression,
        List<String> protocols) {
    public static final WebSocketSettings DEFAULT =
            new WebSocketSettings(
                    1024 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(10), true, List.of());

    public WebSocketSettings {
        if (messageSize < 1 || messageSize == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "expected a message size of 1 to 2147483646 bytes, but got " + messageSize);
        }
        protocols = List.copyOf(protocols);
    }

    public WebSocketSettings messageSize(int bytes) {
        return new WebSocketSettings(bytes, pingInterval, closeTimeout, compression, protocols);
    }

    public WebSocketSettings pingInterval(@Nullable Duration interval) {
        return new WebSocketSettings(messageSize, interval, closeTimeout, compression, protocols);
    }

    public WebSocketSettings closeTimeout(Duration timeout) {
        return new WebSocketSettings(messageSize, pingInterval, timeout, compression, protocols);
    }

    public WebSocketSettings compression(boolean agreed) {
        return new WebSocketSettings(messageSize, pingInterval, closeTimeout, agreed, protocols);
    }

    public WebSocketSettings protocols(String... spoken) {
        return new WebSocketSettings(
                messageSize, pingInterval, closeTimeout, compression, List.of(spoken));
    }
}
