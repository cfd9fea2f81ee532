/**
 * Connections that are read and written like files, by coroutines.
 *
 * <pre>{@code
 * try (var connection = Connection.connect("example.org:79", Duration.ofSeconds(5))) {
 *     connection.write("weft\r\n".getBytes(US_ASCII));
 *     for (String line; (line = connection.readLine(1024)) != null; ) {
 *         System.out.println(line);
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.weft.net;

import org.jspecify.annotations.NullMarked;
