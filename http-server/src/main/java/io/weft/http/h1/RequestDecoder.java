package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.weft.http.Limits;
import io.weft.net.Holdback;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Netty's decoder, and stricter still: what two servers in a row could read differently is refused
 * (RFC 9112 section 11.2). Beside what Netty refuses, that is
 *
 * <ul>
 *   <li>anything but CR LF before the request line (section 2.2), more or other than one space
 *       between its words (section 3), and a version in another case (section 2.3);
 *   <li>a folded line of the head or the trailer (section 5.2);
 *   <li>a length beside a transfer coding (section 6.3);
 *   <li>the keys of the WebSocket's draft 76, for which Netty takes eight bytes behind a GET as its
 *       body, without any length (section 6.3);
 *   <li>a body whose chunks' lines are much longer than its chunks (section 7.1.1).
 * </ul>
 *
 * <p>Fields are counted as they come, of the head and of the trailer. After the first refusal
 * nothing is decoded any more. A CR at the end of what has come is not shown to Netty before its
 * LF, as it would count among the bytes of a line that is as long as it may be. While there is no
 * room for what would be decoded, bytes stay bytes: a read of minimal requests, or of chunks of one
 * byte, would be twenty times its size as objects. Loop-confined, on the hub.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** The method, and by its name the target, of a request whose first line is not known. */
    private static final HttpMethod UNREADABLE = HttpMethod.valueOf("-");

    private static final int HIXIE_KEY = HttpHeaderNames.SEC_WEBSOCKET_KEY1.length();

    private static final int GET = 'G' << 24 | 'E' << 16 | 'T' << 8 | ' ';
    private static final int TWO_LINE_ENDS = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    /** Pieces of a body are as large as what was read: cut, they would hold more than they are. */
    private static final int LARGEST_PIECE = 64 * 1024;

    /**
     * What the lines of a body's chunks may have beyond 16 bytes and twice the data for each (Go:
     * net/http's chunkedReader, against CVE-2023-39326).
     */
    private static final int MOST_WASTE = 16 * 1024;

    private final @Nullable RequestReads reads;
    private final Holdback holdback;
    private final int mostFields;
    private boolean dead;
    private @Nullable ByteBuf input; // while it is decoded

    // of the message that comes next
    private boolean begun;
    private boolean headEnded; // its empty line was seen
    private int fields; // of the head, and from its end on of the trailer
    private boolean isFramed; // the head has a field that frames its body
    private int wordEnd; // of the word before, in the first line
    private long waste; // in bytes

    /**
     * A decoder for one connection.
     *
     * @param reads if what it is given may lie in a buffer that others use again
     * @param isFull whether there is no room for what would be decoded
     */
    RequestDecoder(Limits limits, @Nullable RequestReads reads, BooleanSupplier isFull) {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLine())
                        .setMaxHeaderSize(limits.head())
                        .setMaxChunkSize(LARGEST_PIECE)
                        .setStrictLineParsing(true)
                        .setUseRfc9112TransferEncoding(true)
                        .setAllowDuplicateContentLengths(false));
        this.mostFields = limits.headerCount();
        this.reads = reads;
        this.holdback = new Holdback(isFull);
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
        return !begun
                && !holdback.holds()
                && bytes.readableBytes() >= Integer.BYTES * 2
                && bytes.getInt(bytes.readerIndex()) == GET
                && bytes.getInt(bytes.writerIndex() - Integer.BYTES) == TWO_LINE_ENDS;
    }

    /** Decodes what had to wait for room. On the hub, outside the pipeline. */
    void resume(ChannelHandlerContext context) {
        try {
            if (holdback.letsGo()) {
                super.channelRead(context, Unpooled.EMPTY_BUFFER);
            }
            for (Object end : holdback.ends()) {
                super.userEventTriggered(context, end);
            }
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

    /** What nobody can answer any more is not decoded. */
    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        dead |= holdback.holds();
        super.channelInactive(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        if (reads != null) {
            reads.end();
        }
        super.handlerRemoved0(context);
    }

    /** Stands for a request whose head never came. */
    static HttpRequest unreadable() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, UNREADABLE, UNREADABLE.name());
    }

    /** Whether a part of a request has come that was not decoded to its end. */
    boolean hasBegun() {
        return begun || holdback.holds();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
            throws Exception {
        if (dead) {
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        if (holdback.stops() || !(begun || begins(buffer, out))) {
            return;
        }
        if (fields > 0 && isFold(buffer)) {
            refuse(buffer, out, folded());
            return;
        }
        boolean inBody = headEnded;
        int start = buffer.readerIndex();
        input = buffer;
        int hidden = !headEnded && endsWithCr(buffer) ? 1 : 0;
        buffer.writerIndex(buffer.writerIndex() - hidden);
        super.decode(context, buffer, out);
        buffer.writerIndex(buffer.writerIndex() + hidden);
        input = null;
        int data = 0;
        for (int i = 0; i < out.size(); i++) {
            data += look((HttpObject) out.get(i));
        }
        if (inBody && headEnded && fields == 0 && !dead) {
            weigh(buffer, out, buffer.readerIndex() - start - data, data);
        }
    }

    private static boolean endsWithCr(ByteBuf buffer) {
        return buffer.isReadable() && buffer.getByte(buffer.writerIndex() - 1) == CR;
    }

    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
            throws Exception {
        if (!dead) { // else there would be another refusal
            super.decodeLast(context, buffer, out);
        }
    }

    /**
     * Whether there is the first byte of a request, behind empty lines if need be (RFC 9112 section
     * 2.2). A CR without its LF has to wait.
     */
    private boolean begins(ByteBuf buffer, List<Object> out) {
        while (buffer.isReadable()) {
            int at = buffer.readerIndex();
            byte first = buffer.getByte(at);
            if (first == CR && buffer.readableBytes() == 1) {
                return false;
            }
            if (first != CR && first != LF) {
                begun = true;
                return true;
            }
            if (first == LF || buffer.getByte(at + 1) != LF) {
                refuse(
                        buffer,
                        out,
                        new IllegalArgumentException("expected CR LF as the end of a line"));
                return false;
            }
            buffer.skipBytes(2);
        }
        return false;
    }

    private static boolean isFold(ByteBuf buffer) {
        if (!buffer.isReadable()) {
            return false;
        }
        byte next = buffer.getByte(buffer.readerIndex());
        return next == ' ' || next == '\t';
    }

    private static IllegalArgumentException folded() {
        return new IllegalArgumentException("a line of the fields begins with white space");
    }

    /** How many bytes of body it has. */
    private int look(HttpObject decoded) {
        if (decoded.decoderResult().isFailure()) {
            dead = true;
            return 0;
        }
        if (decoded instanceof HttpRequest request) {
            headEnded = true;
            fields = 0;
            checkFraming(request);
        }
        if (!(decoded instanceof HttpContent content)) {
            return 0;
        }
        if (content instanceof LastHttpContent) {
            begun = false;
            headEnded = false;
            fields = 0;
            waste = 0;
        }
        return content.content().readableBytes();
    }

    private void checkFraming(HttpRequest request) {
        if (isFramed) {
            isFramed = false;
            try {
                boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
                Framing.check(request.headers(), old);
            } catch (BadRequest e) {
                request.setDecoderResult(DecoderResult.failure(e));
                dead = true;
            }
        }
    }

    private void weigh(ByteBuf buffer, List<Object> out, int frame, int data) {
        waste = Math.max(0, waste + frame - (data > 0 ? 16 + 2L * data : 0));
        if (waste > MOST_WASTE) {
            refuse(
                    buffer,
                    out,
                    new IllegalArgumentException(
                            "the chunks' extensions are much longer than their data"));
        }
    }

    private void refuse(ByteBuf buffer, List<Object> out, Exception reason) {
        dead = true;
        HttpObject refused =
                headEnded
                        ? new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER)
                        : createInvalidMessage();
        refused.setDecoderResult(DecoderResult.failure(reason));
        out.add(refused);
        buffer.skipBytes(buffer.readableBytes());
    }

    /** Netty would make a request of it that somebody could have sent. */
    @Override
    protected HttpMessage createInvalidMessage() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_0, UNREADABLE, UNREADABLE.name());
    }

    // ---- parts of a head and a trailer, as Netty finds them in the input

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        wordEnd = -1;
        requireOneSpace(line, start);
        wordEnd = start + length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        wordEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    /** Netty takes it in any case. */
    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        String version = super.splitThirdWordInitialLine(line, start, length);
        if (!version.startsWith("HTTP/")) {
            throw new IllegalArgumentException("expected HTTP/1.1 as the version");
        }
        return version;
    }

    /** Netty takes any white space, and any number, for the one space (RFC 9112 section 3). */
    private void requireOneSpace(byte[] line, int start) {
        if (start != wordEnd + 1 || (start > 0 && line[wordEnd] != ' ')) {
            throw new IllegalArgumentException(
                    "expected one space between method, target and version");
        }
    }

    /** Called for each line that is no fold. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (++fields > mostFields) {
            throw new TooLongFrameException("too many fields");
        }
        if (input != null && isFold(input)) { // the next line, if it is there already
            throw folded();
        }
        AsciiString name = super.splitHeaderName(line, start, length);
        if (!headEnded) {
            isFramed |= Framing.isOf(name);
            if (length == HIXIE_KEY && isHixieKey(name)) {
                throw new IllegalArgumentException("WebSockets of draft 76 are not spoken here");
            }
        }
        return name;
    }

    private static boolean isHixieKey(AsciiString name) {
        return HttpHeaderNames.SEC_WEBSOCKET_KEY1.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.SEC_WEBSOCKET_KEY2.contentEqualsIgnoreCase(name);
    }

    /** Netty would believe the coding and forget the length. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both a Content-Length and a Transfer-Encoding");
    }
}
