package io.weft.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A request as bytes: encoded once, since all of a run are the same. Stateless. */
final class RequestBytes {
    private RequestBytes() {}

    /**
     * Encodes a request.
     *
     * @param headers each as {@code Name: value}; those that are given take the place of our own
     * @throws IllegalArgumentException if a header is none
     */
    static byte[] of(
            Target target,
            HttpMethod method,
            List<String> headers,
            byte[] body,
            boolean keepAlive) {
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target.path());
        request.headers().set(HttpHeaderNames.HOST, target.authority());
        request.headers().set(HttpHeaderNames.USER_AGENT, "load-client");
        if (body.length > 0 || method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)) {
            // RFC 9110 section 8.6: also where there is none, if the method is one that has a body
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (!keepAlive) {
            request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        headers.forEach(each -> request.headers().remove(name(each)));
        for (String header : headers) {
            try {
                request.headers().add(name(header), value(header));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--header is 'Name: value', but was '" + header + "'", e);
            }
        }
        byte[] head = encoded(request);
        byte[] all = Arrays.copyOf(head, Math.addExact(head.length, body.length));
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /**
     * Beyond ASCII it is sent as it was typed, in UTF-8 as curl does (RFC 9110 section 5.5:
     * obs-text); Netty writes the low byte of each character.
     */
    private static String value(String header) {
        String value = header.substring(name(header).length() + 1).strip();
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String name(String header) {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(
                    "--header is 'Name: value', but was '" + header + "'");
        }
        return header.substring(0, colon);
    }

    private static byte[] encoded(HttpRequest request) {
        var encoder = new EmbeddedChannel(new HttpRequestEncoder());
        encoder.writeOutbound(request);
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part; (part = encoder.readOutbound()) != null; part.release()) {
            all.writeBytes(part);
        }
        encoder.finishAndReleaseAll();
        var bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }
}
