package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.http.Limits;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Netty's decoder, and stricter still: what two servers in a row could read differently is refused
 * (RFC 9112 section 11.2). Beside what Netty refuses, that is a folded line (section 5.2), more or
 * other than one space between the words of the request line (section 3) and a length beside a
 * transfer coding (section 6.3). After the first refusal nothing is decoded any more.
 * Loop-confined, on the hub.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** The method, and by its name the target, of a request whose first line is not known. */
    private static final HttpMethod UNREADABLE = HttpMethod.valueOf("-");

    private static final int GET = 'G' << 24 | 'E' << 16 | 'T' << 8 | ' ';
    private static final int TWO_LINE_ENDS = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final @Nullable RequestReads reads;
    private final int mostFields;
    private boolean dead;

    // of the head that comes next
    private boolean headEnded; // its empty line was seen
    private int lines; // of it that have begun
    private boolean lineNext = true; // what comes next is the first byte of another line
    private int checked; // how far behind the reader index that is known
    private int wordEnd; // of the word before, in the first line

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
        return lines == 0
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

    /** Stands for a request whose head never came. */
    static HttpRequest unreadable() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, UNREADABLE, UNREADABLE.name());
    }

    /** Whether a part of a request's head has come. */
    boolean hasBegun() {
        return lines > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
            throws Exception {
        if (!dead && !headEnded && !hasPlainLines(buffer)) {
            HttpMessage refused = createInvalidMessage();
            refused.setDecoderResult(
                    DecoderResult.failure(
                            lines > mostFields + 1
                                    ? new TooLongFrameException("too many fields")
                                    : new IllegalArgumentException(
                                            "a line of the head begins with white space")));
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
            lines = 0;
            lineNext = true;
            checked = 0;
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
        while (at < end && !headEnded) {
            if (lineNext) {
                byte first = buffer.getByte(at);
                if (first == CR || first == LF) {
                    headEnded = lines > 0; // empty lines may come before the first (section 2.2)
                    at++;
                    continue;
                }
                if (first == ' ' || first == '\t' || lines++ > mostFields) {
                    return false;
                }
            }
            int feed = buffer.indexOf(at, end, LF);
            lineNext = feed >= 0;
            at = lineNext ? feed + 1 : end;
        }
        checked = at - buffer.readerIndex();
        return true;
    }

    /** Netty would make a request of it that somebody could have sent. */
    @Override
    protected HttpMessage createInvalidMessage() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_0, UNREADABLE, UNREADABLE.name());
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        wordEnd = start + length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        wordEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /** Netty takes any white space, and any number, for the one space (RFC 9112 section 3). */
    private void requireOneSpace(byte[] line, int start) {
        if (start != wordEnd + 1 || line[wordEnd] != ' ') {
            throw new IllegalArgumentException(
                    "expected one space between method, target and version");
        }
    }

    /** Netty would believe the coding and forget the length. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both a Content-Length and a Transfer-Encoding");
    }
}
