package io.weft.load;

import io.weft.net.Addresses;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** Where the server is. Any thread. */
final class Target {
    /** The course notes' echo server, and Weft's. */
    static final String DEFAULT = "localhost:8888";

    private Target() {}

    /**
     * Reads what {@link Addresses#parse} reads; without a host it is localhost.
     *
     * @throws IllegalArgumentException if it is no address, or one with port 0
     */
    static SocketAddress parse(String text) {
        SocketAddress address = Addresses.parse(text);
        if (!(address instanceof InetSocketAddress inet)) {
            return address;
        }
        if (inet.getPort() == 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no target: expected a port from 1 to 65535");
        }
        return inet.isUnresolved()
                ? inet
                : InetSocketAddress.createUnresolved("localhost", inet.getPort());
    }

    /** Looks its host up, once for all connections: a name server is not what shall be measured. */
    static SocketAddress lookUp(SocketAddress address) throws UnknownHostException {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            try {
                return new InetSocketAddress(
                        InetAddress.getByName(inet.getHostString()), inet.getPort());
            } catch (UnknownHostException e) {
                var unknown =
                        new UnknownHostException("unknown host '" + inet.getHostString() + "'");
                unknown.initCause(e);
                throw unknown;
            }
        }
        return address;
    }
}
