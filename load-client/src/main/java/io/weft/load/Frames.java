package io.weft.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Puts WebSocket messages where the one that waits for them wants them. See {@link Inlet} for
 * threads.
 */
final class Frames extends Inlet {
    private final byte[] echo;
    private boolean opened;
    private int length;
    private boolean came;

    /**
     * @param echo where messages are put; none is longer
     */
    Frames(byte[] echo) {
        this.echo = echo;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            opened = true;
            tell();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    void take(Object message) {
        if (message instanceof CloseWebSocketFrame close) {
            end(
                    ("the server closed the WebSocket: "
                                    + close.statusCode()
                                    + " "
                                    + close.reasonText())
                            .strip());
        } else if (message instanceof WebSocketFrame frame) {
            arrived(frame.content());
        }
    }

    private void arrived(ByteBuf content) {
        if (came) {
            end("a message came that nobody had asked for");
            return;
        }
        length = content.readableBytes();
        content.getBytes(content.readerIndex(), echo, 0, Math.min(length, echo.length));
        came = true;
        tell();
    }

    boolean isOpened() {
        return opened;
    }

    boolean isEmpty() {
        return !came;
    }

    /** The length of the message that came; there is room for another one then. */
    int next() {
        came = false;
        return length;
    }
}
