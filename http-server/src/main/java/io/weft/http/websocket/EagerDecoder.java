package io.weft.http.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.weft.net.Holdback;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Netty's decoder, which looks at a text frame that is slow in coming while it comes: what is no
 * UTF-8 is refused before its end (RFC 6455 section 8.1). Frames that are there at once, and what
 * follows a first fragment, are left to the check behind this. While there is no room for frames
 * bytes stay bytes. Loop-confined, on the hub.
 *
 * <pre>
 *   FIN RSV opcode │ MASK length │ longer length 0, 2 or 8 │ masking key 4 │ payload
 *   └──────────────── consumed by Netty as it comes ───────────────────────┘ └ when it is whole
 * </pre>
 */
final class EagerDecoder extends WebSocket13FrameDecoder {
    private static final int TEXT = 1; // without reserved bits, which may mean compression
    private static final int LONGEST_HEAD = 14;

    private static final int SINK_CHARS = 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final byte[] head = new byte[LONGEST_HEAD];
    private int headLength; // as far as it has come
    private int checked; // of the payload
    private @Nullable CharsetDecoder text; // reports what is malformed, and keeps nothing
    private ByteBuffer rest = NOTHING; // the beginning of a character
    private final Holdback holdback;
    private boolean dead;

    EagerDecoder(WebSocketDecoderConfig config, BooleanSupplier isFull) {
        super(config);
        this.holdback = new Holdback(isFull);
    }

    /** Decodes what had to wait for room. On the hub, outside the pipeline. */
    void resume(ChannelHandlerContext context) {
        try {
            if (holdback.letsGo()) {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            }
            for (Object end : holdback.ends()) {
                super.userEventTriggered(context, end);
            }
            context.fireChannelReadComplete();
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (!holdback.keeps(event)) {
            super.userEventTriggered(context, event);
        }
    }

    /** Netty would read on until something is decoded. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (holdback.holds()) {
            discardSomeReadBytes();
            context.fireChannelReadComplete();
        } else {
            super.channelReadComplete(context);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws Exception {
        if (dead) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (holdback.stops()) {
            return;
        }
        int start = in.readerIndex();
        int before = out.size();
        boolean passed = false;
        try {
            super.decode(context, in, out);
            if (out.size() > before) {
                headLength = 0;
                checked = 0;
                text = null;
                rest = NOTHING;
            } else if (!take(in, start)) {
                return; // Netty reads no more frames, and only drops what comes
            } else if (isHeadWhole() && (head[0] & 0x7f) == TEXT) {
                check(in);
            }
            passed = true;
        } finally {
            dead = !passed;
        }
    }

    /** Netty does not see where the reason ends amid a character (RFC 6455 section 5.5.1). */
    @Override
    protected void checkCloseFrameBody(ChannelHandlerContext context, ByteBuf body) {
        super.checkCloseFrameBody(context, body);
        int reason = body.readerIndex() + Short.BYTES;
        if (body.writerIndex() > reason
                && !ByteBufUtil.isText(
                        body, reason, body.writerIndex() - reason, StandardCharsets.UTF_8)) {
            throw notUtf8();
        }
    }

    private static CorruptedWebSocketFrameException notUtf8() {
        return new CorruptedWebSocketFrameException(
                WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "bytes are not UTF-8");
    }

    /** Whether what Netty has consumed can be a head. */
    private boolean take(ByteBuf in, int start) {
        int count = in.readerIndex() - start;
        if (headLength + count > LONGEST_HEAD) {
            return false;
        }
        in.getBytes(start, head, headLength, count);
        headLength += count;
        return true;
    }

    private boolean isHeadWhole() {
        if (headLength < 2) {
            return false;
        }
        int longer =
                switch (head[1] & 0x7f) {
                    case 126 -> 2;
                    case 127 -> 8;
                    default -> 0;
                };
        return headLength == 2 + longer + 4;
    }

    private void check(ByteBuf in) {
        if (text == null) {
            text = StandardCharsets.UTF_8.newDecoder();
        }
        int key = headLength - 4;
        int count = in.readableBytes();
        var bytes = ByteBuffer.allocate(rest.remaining() + count - checked).put(rest);
        for (int start = in.readerIndex(); checked < count; checked++) {
            bytes.put((byte) (in.getByte(start + checked) ^ head[key + (checked & 3)]));
        }
        bytes.flip();
        var sink = CharBuffer.allocate(SINK_CHARS);
        CoderResult result;
        do {
            result = text.decode(bytes, sink.clear(), false);
        } while (result.isOverflow());
        if (result.isError()) {
            throw notUtf8();
        }
        rest = bytes.slice();
    }
}
