package io.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578), one after another as they come:
 *
 * <pre>{@code
 * var form = request.multipart();
 * for (Part part; (part = form.next()) != null; ) {
 *     if (part.fileName() == null) fields.put(part.name(), part.text());
 *     else part.transferTo(store);
 * }
 * }</pre>
 *
 * <p>Nothing of it is kept: a part holds what one read of the body has brought, 8 KB, however large
 * it is, and a handler that is slow stops the client. What is in memory is the collector's, so a
 * handler may stop in the middle. For the handler's coroutine.
 *
 * <p>Decoded by Netty, which reads the parts' Content-Disposition and Content-Type, knows {@code
 * multipart/mixed} within, and refuses a Content-Transfer-Encoding other than 7bit, 8bit and
 * binary. What precedes the first boundary may have as many bytes as a part's head.
 */
public final class Multipart {
    private static final String TYPE = "multipart/form-data";
    private static final int PIECE = 8192;

    /** On the heap and not to be released. */
    private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

    private final InputStream body;
    private final FormLimits limits;
    private final PartFactory parts;
    private final HttpPostMultipartRequestDecoder decoder;
    private final Boundaries boundaries;
    private final byte[] piece = new byte[PIECE];
    private int held; // a CR at the front of the piece
    private boolean ended;
    private @Nullable PartData current;
    private @Nullable MultipartException failure;

    Multipart(InputStream body, @Nullable String contentType, FormLimits limits)
            throws HttpException {
        this.body = body;
        this.limits = limits;
        this.parts = new PartFactory(limits.parts());
        HttpRequest head = head(contentType);
        try {
            if (!HttpPostRequestDecoder.isMultipart(head)) {
                throw new HttpException(415, "expected a form of type multipart/form-data");
            }
            this.boundaries = new Boundaries(Known.boundary(head));
            this.decoder =
                    new HttpPostMultipartRequestDecoder(
                            parts,
                            head,
                            StandardCharsets.UTF_8,
                            -1, // PartFactory counts them as they begin
                            limits.head());
        } catch (RuntimeException e) {
            throw new HttpException(400, "expected a boundary for multipart/form-data", e);
        }
    }

    private static HttpRequest head(@Nullable String contentType) {
        var head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        if (contentType != null) {
            boolean form = contentType.regionMatches(true, 0, TYPE, 0, TYPE.length());
            head.headers()
                    .set( // Netty knows the type in lower case only
                            HttpHeaderNames.CONTENT_TYPE,
                            form ? TYPE + contentType.substring(TYPE.length()) : contentType);
        }
        return head;
    }

    /** Reaches what Netty keeps for its own. */
    abstract static class Known extends HttpPostRequestDecoder {
        Known(HttpRequest head) {
            super(head);
        }

        static String boundary(HttpRequest multipart) {
            String type = multipart.headers().get(HttpHeaderNames.CONTENT_TYPE);
            return getMultipartDataBoundary(type)[0];
        }
    }

    /**
     * The next part, as soon as it begins; what was not read of the one before is dropped. Null
     * when there is no more, and then the body has been read to its end.
     *
     * @throws MultipartException 400 if the body is malformed or ends too early, 413 if it has too
     *     many parts
     */
    public @Nullable Part next() throws IOException {
        PartData before = current;
        while (before != null && !before.isComplete()) {
            before.skip();
            advance();
        }
        current = null;
        PartData next = parts.poll();
        while (next == null && advance()) {
            next = parts.poll();
        }
        current = next;
        return next == null ? null : new Part(this, next, limits);
    }

    /** Throws if {@code part} is no longer the one that is read. */
    void requireCurrent(PartData part) throws IOException {
        if (part != current) {
            throw new IOException(
                    "part "
                            + part.name
                            + " has gone: its content is read before the next part is asked for");
        }
    }

    /** Decodes some more of the body; false at its end. */
    boolean advance() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return false;
        }
        int count = body.read(piece, held, PIECE - held);
        if (count < 0) {
            ended = true;
            offer(new DefaultLastHttpContent(copied(held)));
            requireEnd();
            return false;
        }
        int length = held + sift(count);
        if (length == 0) {
            return true;
        }
        // Netty takes a CR for data if the LF behind it is not there yet (its issue 11668), and
        // then the part would have one byte too many.
        held = piece[length - 1] == '\r' ? 1 : 0;
        if (length > held) {
            offer(new DefaultHttpContent(copied(length - held)));
        }
        piece[0] = '\r';
        return true;
    }

    private int sift(int count) throws MultipartException {
        try {
            return boundaries.sift(piece, held, count);
        } catch (MultipartException e) {
            failure = e;
            throw e;
        }
    }

    private ByteBuf copied(int length) {
        return HEAP.buffer(length).writeBytes(piece, 0, length);
    }

    private void offer(HttpContent content) throws MultipartException {
        try {
            decoder.offer(content);
        } catch (PartFactory.TooManyParts e) {
            throw failed(413, "the form has more than " + limits.parts() + " parts", e);
        } catch (HttpPostRequestDecoder.TooLongFormFieldException e) {
            throw failed(
                    400,
                    "expected a boundary, or the end of a part's head, within "
                            + limits.head()
                            + " bytes",
                    e);
        } catch (DecoderException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw failed(400, "malformed multipart/form-data", e);
        }
    }

    private void requireEnd() throws MultipartException {
        try {
            while (decoder.next() != null) {
                // all of them were handed out as they began
            }
        } catch (HttpPostRequestDecoder.EndOfDataDecoderException e) {
            return; // the last boundary was there
        }
        throw failed(400, "the form ended before its last boundary", null);
    }

    private MultipartException failed(int status, String message, @Nullable Throwable cause) {
        failure = new MultipartException(status, message, cause);
        return failure;
    }
}
