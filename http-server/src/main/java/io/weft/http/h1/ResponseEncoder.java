package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Netty's encoder, which is told what responses go without a body whatever their headers say. */
final class ResponseEncoder extends HttpResponseEncoder {
    /** To HEAD: the headers of the response to GET, and nothing after them. */
    static final class Bodyless extends DefaultFullHttpResponse {
        Bodyless(HttpResponseStatus status, HttpHeaders headers) {
            super(
                    HttpVersion.HTTP_1_1,
                    status,
                    Unpooled.EMPTY_BUFFER,
                    headers,
                    EmptyHttpHeaders.INSTANCE);
        }
    }

    /** What is bytes already is not encoded: whole responses, by {@link Heads}. */
    @Override
    public boolean acceptOutboundMessage(Object message) throws Exception {
        return (!(message instanceof ByteBuf bytes) || !bytes.isReadable())
                && super.acceptOutboundMessage(message);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return response instanceof Bodyless || super.isContentAlwaysEmpty(response);
    }
}
