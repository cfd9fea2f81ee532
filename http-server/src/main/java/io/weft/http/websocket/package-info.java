/**
 * WebSocket (RFC 6455, with permessage-deflate of RFC 7692) as a handler sees it: messages to
 * receive and to send, in straight-line code.
 *
 * <pre>{@code
 * var routes = new Router().get("/echo", (request, response) ->
 *         WebSocket.accept(request, response, socket -> {
 *             for (Message message; (message = socket.receive()) != null; ) {
 *                 socket.send(message);
 *             }
 *         }));
 * }</pre>
 *
 * <p>The framing is Netty's. Its pipeline runs on the hub, handlers in the connection's coroutine:
 *
 * <pre>
 *   EagerDecoder ─ UTF-8 check ─ aggregator ─ FrameInbox ═▶ WebSocketConnection
 *   EagerDecoder ─ ReservedBits ─ aggregator ─ inflate ─ UTF-8 check ─ FrameInbox ═▶    (compressed)
 *   WebSocket13FrameEncoder ◀ [deflate] ◀═ Connection ◀═ WebSocketConnection
 * </pre>
 */
@NullMarked
package io.weft.http.websocket;

import org.jspecify.annotations.NullMarked;
