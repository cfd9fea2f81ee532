package io.weft.http.h1;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.serve.RequestRules;

import org.jspecify.annotations.Nullable;

/**
 * Whether what the decoder made of a head is a request: it could be decoded, it is of a version
 * that is spoken here, and it keeps to the rules of all versions.
 */
final class HeadCheck {
    private HeadCheck() {}

    /**
     * Throws if the request is to be answered by an error. Has its Host field say what its target
     * says, if that names a host.
     */
    static void check(HttpRequest request, Limits limits) throws BadRequest, HttpException {
        if (request.decoderResult().isFailure()) {
            throw undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1 || version.minorVersion() > 1) {
            throw new BadRequest(505, "expected HTTP/1.1 or 1.0, but got " + version);
        }
        String authority =
                RequestRules.check(
                        request.method().name(),
                        request.uri(),
                        request.headers().iteratorCharSequence(),
                        version.minorVersion() == 1,
                        limits);
        if (authority != null) {
            request.headers().set(HttpHeaderNames.HOST, authority);
        }
    }

    static BadRequest undecodable(Throwable cause) {
        if (cause instanceof BadRequest known) {
            return known;
        }
        if (cause instanceof TooLongHttpLineException) {
            return new BadRequest(414, "the request line is too long");
        }
        if (cause instanceof TooLongFrameException) {
            return new BadRequest(431, "the header fields are too many or too large");
        }
        if (cause instanceof PrematureChannelClosureException) {
            return new BadRequest(400, "the request ended before its head did");
        }
        return new BadRequest(400, "malformed request: " + plain(cause.getMessage()));
    }

    /** What a decoder says of a client's bytes, fit for one line of a response and of a log. */
    private static String plain(@Nullable String message) {
        if (message == null) {
            return "no reason is known";
        }
        String printable = message.replaceAll("[^ -~]+", "?");
        return printable.length() > 100 ? printable.substring(0, 100) + "..." : printable;
    }
}
