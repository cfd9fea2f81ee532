/** WebSocket over real sockets: bytes in, bytes out. */
@org.jspecify.annotations.NullMarked
package io.weft.http.websocket;
