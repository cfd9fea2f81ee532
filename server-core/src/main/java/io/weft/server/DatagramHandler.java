package io.weft.server;

import io.weft.net.Datagram;

/**
 * What a {@link DatagramServer} does with a datagram: straight-line blocking code, run in a
 * coroutine of the datagram's own.
 */
@FunctionalInterface
public interface DatagramHandler {
    void handle(Datagram datagram) throws Exception;
}
