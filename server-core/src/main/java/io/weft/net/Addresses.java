package io.weft.net;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import io.weft.Transport;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Reads and shows addresses as command lines write them. Any thread. */
public final class Addresses {
    private static final String UNIX = "unix:";
    private static final String INHERITED = "fd://";

    private Addresses() {}

    /**
     * Reads {@code host:port}, {@code [v6]:port}, {@code :port} or {@code port} (any local address;
     * for a client localhost), {@code unix:/path}, or {@code fd://3} for a listener that was
     * inherited. Host names are not looked up here.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static SocketAddress parse(String text) {
        if (text.startsWith(UNIX)) {
            String path = text.substring(UNIX.length());
            if (path.isEmpty()) {
                throw expected(text, "a path after 'unix:'");
            }
            return UnixDomainSocketAddress.of(path);
        }
        if (text.startsWith(INHERITED)) {
            return inherited(text);
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw expected(text, "brackets around an IPv6 address, as in [::1]:8888");
        }
        int port = port(text, text.substring(colon + 1));
        return host.isEmpty()
                ? new InetSocketAddress(port)
                : InetSocketAddress.createUnresolved(host, port);
    }

    private static SocketAddress inherited(String text) {
        try {
            return new InheritedAddress(Integer.parseInt(text.substring(INHERITED.length())));
        } catch (IllegalArgumentException e) {
            throw expected(text, "the number of a descriptor, from 3 on");
        }
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw expected(text, "a port from 0 to 65535");
    }

    private static IllegalArgumentException expected(String text, String what) {
        return new IllegalArgumentException(
                "'"
                        + text
                        + "' is no address: expected "
                        + what
                        + " (forms: host:port, [v6]:port, :port, port, unix:/path, fd://3)");
    }

    /** The address as {@link #parse} reads it. */
    public static String format(@Nullable SocketAddress address) {
        return switch (address) {
            case null -> "?";
            case UnixDomainSocketAddress unix -> UNIX + unix.getPath();
            case InetSocketAddress inet -> {
                String host = host(inet);
                yield (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
            }
            default -> address.toString();
        };
    }

    /** The host without its port or brackets; an IPv6 address in its short form (RFC 5952). */
    public static String host(InetSocketAddress address) {
        return address.isUnresolved()
                ? address.getHostString()
                : NetUtil.toAddressString(address.getAddress());
    }

    /** Whether it names a Unix socket. */
    public static boolean isUnix(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress || address instanceof DomainSocketAddress;
    }

    /** Netty's native transports have a type of their own for Unix sockets. */
    static SocketAddress toNetty(SocketAddress address, Transport transport) {
        return address instanceof UnixDomainSocketAddress unix && transport != Transport.NIO
                ? new DomainSocketAddress(unix.getPath().toString())
                : address;
    }

    static @Nullable SocketAddress toJdk(@Nullable SocketAddress address) {
        return address instanceof DomainSocketAddress unix
                ? UnixDomainSocketAddress.of(unix.path())
                : address;
    }
}
