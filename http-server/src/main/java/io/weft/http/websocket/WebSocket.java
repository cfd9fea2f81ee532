package io.weft.http.websocket;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Upgrade;

/**
 * Turns a request into a WebSocket (gevent: geventwebsocket). Any web page may have its visitor's
 * browser ask for one, and the browser sends its cookies: those of other hosts are refused unless
 * {@link WebSocketSettings#origins(String...)} allows them (RFC 6455 section 10.2).
 */
public final class WebSocket {
    private WebSocket() {}

    /**
     * Has {@code handler} talk to the client when this request's own handler has returned. Headers
     * of the response, a cookie for example, go out with the agreement.
     *
     * @throws HttpException 426 if the request asks for no WebSocket or for another version of it;
     *     400 if it is malformed; 403 if it is for a web page that may not have one
     */
    public static void accept(Request request, Response response, WebSocketHandler handler)
            throws HttpException {
        accept(request, response, WebSocketSettings.DEFAULT, handler);
    }

    /** As before, with other settings. */
    public static void accept(
            Request request,
            Response response,
            WebSocketSettings settings,
            WebSocketHandler handler)
            throws HttpException {
        Handshake.check(request, settings);
        HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        response.headers().forEach(field -> fields.add(field.getKey(), field.getValue()));
        response.upgrade(new WebSocketUpgrade(request.remoteAddress(), fields, settings, handler));
    }

    /**
     * What to give to {@link Response#upgrade}; {@link #accept} does that.
     *
     * @throws HttpException as there
     */
    public static Upgrade upgrade(Request request, WebSocketHandler handler) throws HttpException {
        return upgrade(request, WebSocketSettings.DEFAULT, handler);
    }

    /** As before, with other settings. */
    public static Upgrade upgrade(
            Request request, WebSocketSettings settings, WebSocketHandler handler)
            throws HttpException {
        Handshake.check(request, settings);
        return new WebSocketUpgrade(
                request.remoteAddress(),
                DefaultHttpHeadersFactory.headersFactory().newHeaders(),
                settings,
                handler);
    }
}
