package io.weft.load;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;

/**
 * Netty's decoder, told what was asked: the answer to HEAD has no body whatever its head says (RFC
 * 9112 section 6.3). On the hub, or in its thread.
 */
final class AnswerDecoder extends HttpResponseDecoder {
    private final boolean bodyless;

    AnswerDecoder(HttpMethod method) {
        // names and values are only looked at, never passed on
        super(new HttpDecoderConfig().setValidateHeaders(false));
        this.bodyless = method.equals(HttpMethod.HEAD);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return super.isContentAlwaysEmpty(message)
                || (bodyless
                        && message instanceof HttpResponse response
                        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }
}
