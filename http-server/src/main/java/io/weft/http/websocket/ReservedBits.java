package io.weft.http.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;

/**
 * Where compression was agreed, Netty's decoder lets all reserved bits pass; but only the first may
 * be set, and only at the beginning of a message (RFC 7692 section 6). Loop-confined, on the hub.
 */
final class ReservedBits extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame && frame.rsv() != 0 && !mayHave(frame)) {
            int bits = frame.rsv();
            frame.release();
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR,
                    "expected no reserved bits of that frame, but got " + bits);
        }
        context.fireChannelRead(message);
    }

    private static boolean mayHave(WebSocketFrame frame) {
        return frame.rsv() == WebSocketExtension.RSV1
                && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
    }
}
