/**
 * Servers that run one coroutine per connection.
 *
 * <pre>{@code
 * try (var server = StreamServer.bind("0.0.0.0:8888", connection -> {
 *     var buffer = new byte[1024];
 *     for (int n; (n = connection.read(buffer)) >= 0; ) {
 *         connection.write(buffer, 0, n);
 *     }
 * })) {
 *     server.serveForever();
 * }
 * }</pre>
 */
@NullMarked
package io.weft.server;

import org.jspecify.annotations.NullMarked;
