package io.weft.http;

/**
 * What a connection becomes after a response: returned to the server as a value, so that HTTP/1.1
 * need not know the protocols that may follow it. The server's side of it belongs to the server.
 */
public interface Upgrade {}
