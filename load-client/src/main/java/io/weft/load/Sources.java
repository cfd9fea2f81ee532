package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * The addresses to connect from. A source address has one port per connection to the same target,
 * and Linux gives out 28 232 of them (32768 to 60999). A loopback target can be reached from all of
 * 127.0.0.0/8, so more connections than one address is good for come from several: the first
 * {@value #PER_SOURCE} from 127.0.0.1, the next from 127.0.0.2 and so on. Immutable.
 */
final class Sources {
    /** Well below Linux's number: other programs need ports too. */
    static final int PER_SOURCE = 20_000;

    private final boolean spread;

    private Sources(boolean spread) {
        this.spread = spread;
    }

    /** Spreads only where it is needed and possible. */
    static Sources of(SocketAddress target, int connections) {
        return new Sources(connections > PER_SOURCE && isLoopbackV4(target));
    }

    private static boolean isLoopbackV4(SocketAddress target) {
        return target instanceof InetSocketAddress inet
                && inet.getAddress() instanceof Inet4Address address
                && address.isLoopbackAddress();
    }

    /** What connection {@code index} shall connect from; null leaves it to the system. */
    @Nullable InetAddress of(int index) {
        if (!spread) {
            return null;
        }
        int host = 1 + index / PER_SOURCE;
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, (byte) (host >> 16), (byte) (host >> 8), (byte) host});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }
}
