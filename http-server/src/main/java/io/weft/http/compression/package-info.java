/**
 * Responses made smaller on their way out.
 *
 * <pre>{@code
 * var server = HttpServer.bind("127.0.0.1:8000", new Compression().before(routes));
 * }</pre>
 *
 * <p>Only responses: a request's body is handed to the handler as it came, whatever its {@code
 * Content-Encoding}, so none can burst.
 */
@NullMarked
package io.weft.http.compression;

import org.jspecify.annotations.NullMarked;
