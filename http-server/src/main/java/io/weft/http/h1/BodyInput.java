package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.weft.http.Limits;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;

/** A request's body, read from the inbox as the handler asks for it. Loop-confined. */
final class BodyInput extends InputStream {
    private final Inbox inbox;
    private final Http1Exchange exchange;
    private final Limits limits;
    private ByteBuf current = Unpooled.EMPTY_BUFFER;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private long total;
    private boolean begun;
    private boolean ended;
    private boolean failed;

    BodyInput(Inbox inbox, Http1Exchange exchange, Limits limits, boolean empty) {
        this.inbox = inbox;
        this.exchange = exchange;
        this.limits = limits;
        this.ended = empty;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!awaitSome()) {
            return -1;
        }
        int count = Math.min(length, current.readableBytes());
        current.readBytes(bytes, offset, count);
        releaseIfRead();
        return count;
    }

    @Override
    public int available() {
        return current.readableBytes();
    }

    private boolean awaitSome() throws IOException {
        while (!current.isReadable()) {
            if (ended) {
                return false;
            }
            if (!begun) {
                begun = true;
                exchange.bodyWanted();
            }
            take(nextPart());
        }
        return true;
    }

    private HttpObject nextPart() throws IOException {
        HttpObject part;
        try {
            part = inbox.next();
        } catch (SocketTimeoutException e) {
            throw failed(new BadRequest(408, "the body did not come in time"));
        }
        if (part == null) {
            throw failed(new BadRequest(400, "the request ended before its body did"));
        }
        return part;
    }

    private void take(HttpObject part) throws BadRequest {
        var content = (HttpContent) part; // after a head comes nothing else until the last
        current = content.content();
        total += current.readableBytes();
        if (content.decoderResult().isFailure()) {
            release();
            throw failed(undecodable(content.decoderResult().cause()));
        }
        if (content instanceof LastHttpContent last) {
            ended = true;
            trailers = last.trailingHeaders();
            checkTrailers();
        }
        if (limits.body() > 0 && total > limits.body()) {
            release();
            throw failed(
                    new BadRequest(413, "the body is larger than " + limits.body() + " bytes"));
        }
        releaseIfRead();
    }

    /** Nothing behind this can be a request, also if the handler does not mind. */
    private BadRequest failed(BadRequest reason) {
        ended = true;
        failed = true;
        return reason;
    }

    private static BadRequest undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new BadRequest(400, "the line with a chunk's size is too long");
        }
        if (cause instanceof TooLongFrameException) {
            return new BadRequest(431, "the trailer fields are too many or too large");
        }
        return HeadCheck.undecodable(cause);
    }

    private void checkTrailers() throws BadRequest {
        boolean tooLarge = trailers.size() > limits.headerCount();
        for (var each = trailers.iteratorCharSequence(); each.hasNext() && !tooLarge; ) {
            var field = each.next();
            tooLarge = field.getKey().length() + field.getValue().length() > limits.headerSize();
        }
        if (tooLarge) {
            release();
            throw failed(new BadRequest(431, "the trailer fields are too many or too large"));
        }
    }

    private void releaseIfRead() {
        if (!current.isReadable()) {
            release();
        }
    }

    private void release() {
        current.release();
        current = Unpooled.EMPTY_BUFFER;
    }

    /**
     * Reads and drops what the handler has left.
     *
     * @return false if that is more than {@code most} bytes, or takes too long: then the connection
     *     is of no more use
     */
    boolean drain(int most, Patience patience) throws IOException {
        for (int dropped = 0; dropped <= most; ) {
            Duration wait = patience.next();
            if (wait == null) {
                return false;
            }
            inbox.limit(wait);
            if (!awaitSome()) {
                return true;
            }
            dropped += current.readableBytes();
            release();
        }
        return false;
    }

    /** How many bytes of it have been taken from the inbox. */
    long total() {
        return total;
    }

    /** Whether all of it has been read. */
    boolean hasEnded() {
        return ended && !current.isReadable();
    }

    /** Whether it was refused: then the connection is of no more use. */
    boolean hasFailed() {
        return failed;
    }

    /** Whether somebody has asked for it. */
    boolean hasBegun() {
        return begun;
    }

    HttpHeaders trailers() {
        return trailers;
    }

    /** Lets go of what is left. */
    void discard() {
        ended = true;
        release();
    }
}
