/**
 * What HTTP means, once for every protocol that carries it: a protocol decodes the framing, and
 * asks here whether what came is a request (RFC 9110).
 */
@NullMarked
package io.weft.http.serve;

import org.jspecify.annotations.NullMarked;
