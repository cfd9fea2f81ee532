/**
 * The server: listeners, their protocol, and who answers.
 *
 * <pre>{@code
 * var routes = new Router()
 *         .get("/", (request, response) -> response.send("Hello"))
 *         .get("/users/{name}", (request, response) ->
 *                 response.send("Hello " + request.pathParameter("name")));
 * try (var server = HttpServer.bind("127.0.0.1:8000", routes)) {
 *     server.serveForever();
 * }
 * }</pre>
 */
@NullMarked
package io.weft.http.server;

import org.jspecify.annotations.NullMarked;
