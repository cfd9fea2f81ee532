/**
 * HTTP as a handler sees it: a request with a body to read, a response to send.
 *
 * <pre>{@code
 * try (var server = HttpServer.bind("127.0.0.1:8000", (request, response) ->
 *         response.send("Hello " + request.remoteAddress()))) {
 *     server.serveForever();
 * }
 * }</pre>
 *
 * <p>A handler runs in a coroutine of its connection's loop and may block as it likes. Nothing here
 * names a protocol version or Netty: {@link io.weft.http.Exchange} is what a protocol implements.
 */
@NullMarked
package io.weft.http;

import org.jspecify.annotations.NullMarked;
