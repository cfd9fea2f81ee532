package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.http.Limits;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Netty's decoder, and stricter still: what two servers in a row could read differently is refused
 * (RFC 9112 section 11.2). Beside what Netty refuses, that is a folded line (section 5.2), a tab in
 * the request line (section 3) and a length beside a transfer coding (section 6.3). After the first
 * refusal nothing is decoded any more. Loop-confined, on the hub.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** The method, and by its name the target, of a request whose first line is not known. */
    static final HttpMethod UNREADABLE = HttpMethod.valueOf("-");

    private static final int GET = 'G' << 24 | 'E' << 16 | 'T' << 8 | ' ';
    private static final int TWO_LINE_ENDS = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final @Nullable RequestReads reads;
    private final int mostFields;
    private boolean dead;

    // of the head that comes next
    private boolean headEnded; // its empty line was seen
    private boolean lineBegun; // the request line was
    private boolean firstEnded; // and its end
    private boolean lineEnded; // and what comes next is the first byte of another line
    private int checked; // how far behind the reader index that is known
    private int fields; // of it, as far as they were looked at

    /**
     * A decoder for one connection.
     *
     * @param reads if what it is given may lie in a buffer that others use again
     */
    RequestDecoder(Limits limits, @Nullable RequestReads reads) {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLine())
                        .setMaxHeaderSize(limits.head())
                        .setStrictLineParsing(true)
                        .setUseRfc9112TransferEncoding(true)
                        .setAllowDuplicateContentLengths(false));
        this.mostFields = limits.headerCount();
        this.reads = reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        Object mine = message;
        if (reads != null && reads.isLent(message) && !isUsedUp((ByteBuf) message)) {
            var lent = (ByteBuf) message;
            mine = context.alloc().directBuffer(lent.readableBytes()).writeBytes(lent);
            lent.release();
        }
        super.channelRead(context, mine);
    }

    /**
     * Whether nothing of these bytes will have to wait for more: as far as one sees, they are GET
     * requests from the first byte to the last. Where that deceives, the buffer is simply kept.
     */
    private boolean isUsedUp(ByteBuf bytes) {
        return !lineBegun
                && bytes.readableBytes() >= Integer.BYTES * 2
                && bytes.getInt(bytes.readerIndex()) == GET
                && bytes.getInt(bytes.writerIndex() - Integer.BYTES) == TWO_LINE_ENDS;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        if (reads != null) {
            reads.end();
        }
        super.handlerRemoved0(context);
    }

    /** Whether a part of a request's head has come. */
    boolean hasBegun() {
        return lineBegun;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
            throws Exception {
        if (!dead && !headEnded && !hasPlainLines(buffer)) {
            HttpMessage refused = createInvalidMessage();
            refused.setDecoderResult(
                    DecoderResult.failure(
                            fields > mostFields
                                    ? new TooLongFrameException("too many fields")
                                    : new IllegalArgumentException(
                                            "a folded header line, or a request line with"
                                                    + " white space that is no space")));
            out.add(refused);
            dead = true;
        }
        if (dead) {
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        int before = buffer.readerIndex();
        super.decode(context, buffer, out);
        checked = Math.max(0, checked - (buffer.readerIndex() - before));
        for (int i = 0; i < out.size(); i++) {
            look((HttpObject) out.get(i));
        }
    }

    private void look(HttpObject decoded) {
        if (decoded.decoderResult().isFailure()) {
            dead = true;
        } else if (decoded instanceof LastHttpContent) {
            headEnded = false;
            lineBegun = false;
            firstEnded = false;
            lineEnded = false;
            checked = 0;
            fields = 0;
        }
    }

    /**
     * False once a line of the head begins with white space, or there are more than may be: those
     * are not even decoded, or 256 KB of empty fields would become megabytes. Looks at each byte
     * once.
     */
    private boolean hasPlainLines(ByteBuf buffer) {
        int end = buffer.writerIndex();
        int at = buffer.readerIndex() + checked;
        while (!lineBegun && at < end) { // empty lines may come before the first (section 2.2)
            byte first = buffer.getByte(at);
            lineBegun = first != CR && first != LF;
            at += lineBegun ? 0 : 1;
        }
        while (at < end && !headEnded) {
            if (lineEnded) {
                byte first = buffer.getByte(at);
                if (first == ' ' || first == '\t') {
                    return false;
                }
                headEnded = first == CR || first == LF;
                if (!headEnded && ++fields > mostFields) {
                    return false;
                }
            }
            int feed = buffer.indexOf(at, end, LF);
            if (!firstEnded && hasOtherSpace(buffer, at, feed < 0 ? end : feed)) {
                return false;
            }
            lineEnded = feed >= 0;
            firstEnded |= lineEnded;
            at = feed < 0 ? end : feed + 1;
        }
        checked = at - buffer.readerIndex();
        return true;
    }

    /** Netty would make a request of it that somebody could have sent. */
    @Override
    protected HttpMessage createInvalidMessage() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_0, UNREADABLE, UNREADABLE.name());
    }

    /** What Netty takes for a space between two words (RFC 9112 section 3), and others do not. */
    private static boolean hasOtherSpace(ByteBuf buffer, int from, int to) {
        return buffer.indexOf(from, to, (byte) '\t') >= 0
                || buffer.indexOf(from, to, (byte) 0x0b) >= 0
                || buffer.indexOf(from, to, (byte) '\f') >= 0;
    }

    /** Netty would believe the coding and forget the length. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both a Content-Length and a Transfer-Encoding");
    }
}
