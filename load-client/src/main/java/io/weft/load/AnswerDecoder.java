package io.weft.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;

import java.util.List;

/**
 * Netty's decoder, told what was asked: the answer to HEAD has no body whatever its head says (RFC
 * 9112 section 6.3). On the hub, or in its thread.
 */
final class AnswerDecoder extends HttpResponseDecoder {
    /** What comes last if the bytes end in the middle of a head. */
    static final Object CUT = new Object();

    private final boolean bodyless;

    /**
     * @param headBytes the most that a status line, and all the fields of a head, may have
     */
    AnswerDecoder(HttpMethod method, int headBytes) {
        super(config(headBytes));
        this.bodyless = method.equals(HttpMethod.HEAD);
    }

    static HttpDecoderConfig config(int headBytes) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(headBytes)
                .setMaxHeaderSize(headBytes)
                .setValidateHeaders(false); // names and values are only looked at, never passed on
    }

    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws Exception {
        if (in.isReadable()) {
            out.add(CUT);
        }
        super.decodeLast(context, in, out);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return super.isContentAlwaysEmpty(message)
                || (bodyless
                        && message instanceof HttpResponse response
                        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }
}
