package io.weft.http.h1;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.weft.http.Limits;

import org.jspecify.annotations.Nullable;

/** What the decoder lets pass and a server must not (RFC 9112 section 3.2). */
final class HeadCheck {
    private static final boolean[] TOKEN = new boolean[128];
    private static final boolean[] OF_HOST = new boolean[128];

    static {
        for (char c = '!'; c < 0x7f; c++) {
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            boolean digit = c >= '0' && c <= '9';
            TOKEN[c] = letter || digit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            OF_HOST[c] = ",/?#@".indexOf(c) < 0;
        }
    }

    private HeadCheck() {}

    /** Throws if the request is to be answered by an error. */
    static void check(HttpRequest request, Limits limits) throws BadRequest {
        if (request.decoderResult().isFailure()) {
            throw undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1 || version.minorVersion() > 1) {
            throw new BadRequest(505, "expected HTTP/1.1 or 1.0, but got " + version);
        }
        if (!isToken(request.method().name())) {
            throw new BadRequest(400, "expected a token as method");
        }
        checkTarget(request.uri());
        if (request.method().name().equals("CONNECT")) {
            throw new BadRequest(501, "this server is no proxy");
        }
        checkFields(request.headers(), version, limits);
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

    private static void checkTarget(String target) throws BadRequest {
        if (target.isEmpty()) {
            throw new BadRequest(400, "expected a request target");
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                throw new BadRequest(400, "expected a target without control characters");
            }
        }
    }

    private static void checkFields(HttpHeaders headers, HttpVersion version, Limits limits)
            throws BadRequest {
        if (headers.size() > limits.headerCount()) {
            throw new BadRequest(
                    431,
                    "expected at most "
                            + limits.headerCount()
                            + " header fields, but got "
                            + headers.size());
        }
        int hosts = 0;
        for (var each = headers.iteratorCharSequence(); each.hasNext(); ) {
            var field = each.next();
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            if (name.length() + value.length() > limits.headerSize()) {
                throw new BadRequest(431, "a header field is too large");
            }
            if (name.length() == 4 && HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)) {
                hosts++;
                checkHost(value.toString());
            }
        }
        if (hosts > 1 || (hosts == 0 && version.minorVersion() == 1)) {
            throw new BadRequest(400, "expected one Host field, but got " + hosts);
        }
    }

    private static void checkHost(String host) throws BadRequest {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= OF_HOST.length || !OF_HOST[c]) {
                throw new BadRequest(400, "expected a host and a port in the Host field");
            }
        }
    }

    /** RFC 9110 section 5.6.2. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= TOKEN.length || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
