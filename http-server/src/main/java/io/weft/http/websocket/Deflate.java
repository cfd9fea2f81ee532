package io.weft.http.websocket;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilter;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilterProvider;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;

/**
 * Agrees on permessage-deflate (RFC 7692), always without context takeover: with it each side keeps
 * its windows as long as the socket lives. The JDK's deflate has one window size, so an offer that
 * insists on another is passed over for the client's next.
 *
 * @param header what is said of it in the answer
 */
record Deflate(WebSocketServerExtension extension, String header) {
    /** Shorter messages gain too little (ws and Java-WebSocket: 1024). */
    private static final int THRESHOLD = 1024;

    /** Netty wants so much room left when all is inflated (JdkZlibDecoder), and some more. */
    private static final int SPARE = 4096;

    private static final int LEVEL = 6; // zlib's own
    private static final int WINDOW = PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE;

    private static final String NAME = "permessage-deflate";
    private static final List<String> NO_CONTEXT =
            List.of("server_no_context_takeover", "client_no_context_takeover");

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

    /**
     * The first of a client's offers that can be met; null if none can.
     *
     * @param offers the values of {@code Sec-WebSocket-Extensions}
     * @param messageSize a message that inflates to much more is an error; one of exactly that size
     *     is not
     */
    static @Nullable Deflate agree(List<String> offers, int messageSize) {
        for (DeflateOffer offer : DeflateOffer.in(offers)) {
            if (offer.serverWindow() == 0 || offer.serverWindow() == WINDOW) {
                return new Deflate(extension(messageSize), header(offer));
            }
        }
        return null;
    }

    private static WebSocketServerExtension extension(int messageSize) {
        var netty =
                new PerMessageDeflateServerExtensionHandshaker(
                        LEVEL,
                        false,
                        WINDOW,
                        true,
                        true,
                        WINDOW,
                        PerMessageDeflateServerExtensionHandshaker.DEFAULT_MEM_LEVEL,
                        FILTERS,
                        (int) Math.min((long) messageSize + SPARE, Integer.MAX_VALUE));
        var parameters = new HashMap<String, String>();
        NO_CONTEXT.forEach(name -> parameters.put(name, null));
        return netty.handshakeExtension(new WebSocketExtensionData(NAME, parameters));
    }

    /** A server may ask for both, whatever the client has offered (section 7.1.1). */
    private static String header(DeflateOffer offer) {
        String header = NAME + "; " + String.join("; ", NO_CONTEXT);
        return offer.serverWindow() == 0
                ? header
                : header + "; server_max_window_bits=" + offer.serverWindow();
    }
}
