/**
 * The command: {@code java -jar http-server.jar [options] [APP]}, which is to a Java handler what
 * gunicorn is to a WSGI application.
 *
 * <p>Differences from gunicorn: a worker is a loop of one process, not a process, so there is no
 * {@code max-requests}: that restarts workers whose memory has grown, which a garbage collector
 * keeps from growing, and would cut every other connection of the process. SIGQUIT has the JVM
 * print its threads, which cannot be taken from it; SIGINT ends the command at once. A header whose
 * name has an underscore is hidden from WSGI applications only.
 */
@NullMarked
package io.weft.http.cli;

import org.jspecify.annotations.NullMarked;
