package io.weft.http.websocket;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilter;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilterProvider;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Agrees on permessage-deflate (RFC 7692). The JDK's deflate has one window size, so an offer that
 * insists on another is passed over for the client's next.
 */
final class Deflate {
    /** Shorter messages gain too little (ws and Java-WebSocket: 1024). */
    private static final int THRESHOLD = 1024;

    /** Netty wants so much room left when all is inflated (JdkZlibDecoder), and some more. */
    private static final int SPARE = 4096;

    private static final int LEVEL = 6; // zlib's own
    private static final int WINDOW = PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE;

    private static final WebSocketExtensionFilterProvider FILTERS =
            new WebSocketExtensionFilterProvider() {
                @Override
                public WebSocketExtensionFilter encoderFilter() {
                    return frame -> frame.content().readableBytes() < THRESHOLD;
                }

                @Override
                public WebSocketExtensionFilter decoderFilter() {
                    return WebSocketExtensionFilter.NEVER_SKIP;
                }
            };

    private Deflate() {}

    /**
     * The first of a client's offers that can be met; null if none can.
     *
     * @param offers the values of {@code Sec-WebSocket-Extensions}
     * @param messageSize a message that inflates to much more is an error; one of exactly that size
     *     is not
     */
    static @Nullable WebSocketServerExtension agree(List<String> offers, int messageSize) {
        if (offers.isEmpty()) {
            return null;
        }
        var known =
                new PerMessageDeflateServerExtensionHandshaker(
                        LEVEL,
                        false,
                        WINDOW,
                        true,
                        false,
                        WINDOW,
                        PerMessageDeflateServerExtensionHandshaker.DEFAULT_MEM_LEVEL,
                        FILTERS,
                        (int) Math.min((long) messageSize + SPARE, Integer.MAX_VALUE));
        for (var offer : WebSocketExtensionUtil.extractExtensions(String.join(",", offers))) {
            try {
                WebSocketServerExtension agreed = known.handshakeExtension(offer);
                if (agreed != null) {
                    return agreed;
                }
            } catch (NumberFormatException e) {
                // an offer that makes no sense is declined (RFC 7692 section 7.1)
            }
        }
        return null;
    }

    /** What is said of it in the answer. */
    static String header(WebSocketExtensionData agreed) {
        var header = new StringBuilder(agreed.name());
        agreed.parameters()
                .forEach(
                        (name, value) -> {
                            header.append("; ").append(name);
                            if (value != null) {
                                header.append('=').append(value);
                            }
                        });
        return header.toString();
    }
}
