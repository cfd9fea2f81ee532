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
 * <p>When the server stops, requests under way may end. A handler that waits long or goes on for
 * ever should not be among those that it then waits for in vain: {@link
 * io.weft.http.Request#stop()} is something to wait for beside the rest, {@link
 * io.weft.http.Response#endWithServer()} has the handler interrupted and its response completed, as
 * {@link io.weft.http.EventStream} does by itself; a WebSocket's {@code receive()} returns null.
 *
 * <pre>{@code
 * Select.any(List.of(queue, request.stop()), Duration.ofSeconds(30));
 * String message = queue.tryGet();
 * }</pre>
 *
 * <p>A handler runs in a coroutine of its connection's loop and may block as it likes. Nothing here
 * names a protocol version or Netty: {@link io.weft.http.Exchange} is what a protocol implements.
 */
@NullMarked
package io.weft.http;

import org.jspecify.annotations.NullMarked;
