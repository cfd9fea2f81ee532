package io.weft.load;

import io.weft.net.Addresses;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to load: a server, what is spoken with it, and for HTTP and WebSocket what is asked of it.
 * Immutable.
 *
 * @param address where the server is
 * @param authority the host, and the port where it is not the usual one, as a request names them
 * @param path with its query; empty where nothing is asked for
 */
record Target(Scheme scheme, SocketAddress address, String authority, String path) {
    /** The course notes' echo server, and Weft's. */
    static final String DEFAULT = "localhost:8888";

    private static final Pattern URL = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://(.*)");

    /**
     * Reads HOST:PORT and the other forms of {@link Addresses#parse}, without a host it is
     * localhost; tls:// and the same; and the URLs of HTTP and WebSocket.
     *
     * @throws IllegalArgumentException if it is no target, or one with port 0
     */
    static Target parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return new Target(Scheme.TCP, address(text, text), text, "");
        }
        Scheme scheme = scheme(url.group(1), text);
        return scheme.port() == 0
                ? new Target(scheme, address(url.group(2), text), url.group(2), "")
                : ofUrl(scheme, text);
    }

    private static Scheme scheme(String name, String text) {
        Optional<Scheme> known =
                Arrays.stream(Scheme.values())
                        .filter(each -> each.name().equalsIgnoreCase(name))
                        .findFirst();
        return known.orElseThrow(
                () ->
                        wrong(
                                text,
                                "expected HOST:PORT, or tls://, http://, https://, ws:// or wss://"
                                        + " before it"));
    }

    private static SocketAddress address(String address, String text) {
        SocketAddress parsed = Addresses.parse(address);
        if (!(parsed instanceof InetSocketAddress inet)) {
            return parsed;
        }
        if (inet.getPort() == 0) {
            throw wrong(text, "expected a port from 1 to 65535");
        }
        return inet.isUnresolved()
                ? InetSocketAddress.createUnresolved(Iri.host(inet.getHostString()), inet.getPort())
                : InetSocketAddress.createUnresolved("localhost", inet.getPort());
    }

    private static Target ofUrl(Scheme scheme, String text) {
        URI url;
        try {
            url = new URI(Iri.toUri(text));
        } catch (URISyntaxException e) {
            throw wrong(text, e.getReason() + " at character " + (e.getIndex() + 1));
        } catch (IllegalArgumentException e) {
            throw wrong(text, String.valueOf(e.getMessage()));
        }
        String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw wrong(text, "expected " + name(scheme) + "://HOST[:PORT][/PATH][?QUERY]");
        }
        int port = url.getPort() < 0 ? scheme.port() : url.getPort();
        if (port == 0 || port > 0xffff) {
            throw wrong(text, "expected a port from 1 to 65535");
        }
        String plain = host.replaceAll("[\\[\\]]", ""); // of an IPv6 address
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new Target(
                scheme,
                InetSocketAddress.createUnresolved(plain, port),
                port == scheme.port() ? host : host + ":" + port,
                url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is no target: " + why);
    }

    /** Looks its host up, once for all connections: a name server is not what shall be measured. */
    Target lookUp() throws UnknownHostException {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            try {
                return new Target(
                        scheme,
                        new InetSocketAddress(
                                InetAddress.getByName(inet.getHostString()), inet.getPort()),
                        authority,
                        path);
            } catch (UnknownHostException e) {
                var unknown =
                        new UnknownHostException("unknown host '" + inet.getHostString() + "'");
                unknown.initCause(e);
                throw unknown;
            }
        }
        return this;
    }

    private static String name(Scheme scheme) {
        return scheme.name().toLowerCase(Locale.ROOT);
    }

    /** As in a report: plain TCP by its address alone. */
    @Override
    public String toString() {
        return switch (scheme) {
            case TCP -> Addresses.format(address);
            case TLS -> "tls://" + Addresses.format(address);
            default -> name(scheme) + "://" + authority + path;
        };
    }
}
