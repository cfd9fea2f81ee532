/**
 * HTTP/1.1 and 1.0 (RFC 9112) on Netty's codec. The codec runs on the hub, everything else in the
 * connection's coroutine; they meet at {@link io.weft.http.h1.Inbox} and at the connection's
 * outbound queue. A response is bytes already when it gets there: its head is encoded in the
 * coroutine, by {@link io.weft.http.h1.Heads}, as are the {@link io.weft.http.h1.Chunks} of its
 * body.
 *
 * <pre>
 *   socket ─ [TLS] ─ RequestDecoder ─▶ Inbox ═▶ Http1 ─▶ handler        (═ the change of side)
 *   socket ─ [TLS] ◀═ Connection ◀─ Heads, Chunks ◀─ Http1Exchange ◀─┘
 * </pre>
 */
@NullMarked
package io.weft.http.h1;

import org.jspecify.annotations.NullMarked;
