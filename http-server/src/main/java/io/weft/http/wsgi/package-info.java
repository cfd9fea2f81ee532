/**
 * The application interface of Python's web servers, PEP 3333, in Java: for those who come from
 * gevent's pywsgi or gunicorn and bring their application's shape with them.
 *
 * <pre>{@code
 * Application hello = (environ, startResponse) -> {
 *     startResponse.start("200 OK", List.of(Map.entry("Content-Type", "text/plain")));
 *     return List.of("Hello from WSGI\n".getBytes(StandardCharsets.UTF_8));
 * };
 * try (var server = HttpServer.bind("127.0.0.1:8000", Wsgi.handler(hello))) {
 *     server.serveForever();
 * }
 * }</pre>
 */
@NullMarked
package io.weft.http.wsgi;

import org.jspecify.annotations.NullMarked;
