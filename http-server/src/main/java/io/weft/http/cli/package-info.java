/**
 * The command: {@code java -jar http-server.jar [options] [APP]}, which is to a Java handler what
 * gunicorn is to a WSGI application.
 */
@NullMarked
package io.weft.http.cli;

import org.jspecify.annotations.NullMarked;
