/**
 * What paths, fields and forms are spelled in, whatever they say: bytes as text, percent-encoding,
 * digits, parameters. It knows nothing of requests, so that everything else of HTTP may use it.
 */
@NullMarked
package io.weft.http.grammar;

import org.jspecify.annotations.NullMarked;
