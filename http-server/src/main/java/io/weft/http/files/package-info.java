/**
 * Files of a directory, over HTTP.
 *
 * <pre>{@code
 * var routes = new Router()
 *         .get("/hello", (request, response) -> response.send("Hello"))
 *         .otherwise(StaticFiles.of(Path.of("public")));
 * try (var server = HttpServer.bind("127.0.0.1:8000", routes)) {
 *     server.serveForever();
 * }
 * }</pre>
 */
@NullMarked
package io.weft.http.files;

import org.jspecify.annotations.NullMarked;
