package io.weft.http.server;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.weft.http.Exchange;
import io.weft.http.grammar.Parameters;
import io.weft.http.h1.Clients;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes the word of known proxies for who asks, and by which scheme: {@code X-Forwarded-For} and
 * {@code X-Forwarded-Proto}. Each proxy adds its own peer at the right, so the first address from
 * the right that is no known proxy's is the client; what stands left of it is anybody's invention.
 * For the same reason the scheme is the last that is named. Immutable.
 *
 * <p>Differences from gunicorn ({@code forwarded_allow_ips}): networks can be named, not addresses
 * only; the client's address is taken over, not the scheme alone.
 */
public final class TrustedProxies implements Clients {
    /**
     * A leading zero among an IPv4 address's numbers, which is octal to some (RFC 6943 section
     * 3.1.1), or one in an IPv6 address that is not mapped, which Netty takes for IPv4.
     */
    private static final Pattern AMBIGUOUS =
            Pattern.compile("(?:^|:)0\\d+\\.|\\.0\\d|(?<!:[Ff]{4}):\\d+\\.");

    private final List<IpSubnetFilterRule> networks = new ArrayList<>();
    private final boolean all;

    private TrustedProxies(List<String> trusted) {
        boolean any = false;
        for (String each : trusted) {
            String text = each.strip();
            if (text.equals("*")) {
                any = true;
            } else if (!text.isEmpty()) {
                networks.add(network(text));
            }
        }
        all = any;
    }

    /**
     * Proxies at these addresses, or in these networks ({@code 10.0.0.0/8}); {@code *} is any peer.
     *
     * @throws IllegalArgumentException if one is neither
     */
    public static TrustedProxies of(List<String> addresses) {
        return new TrustedProxies(addresses);
    }

    private static IpSubnetFilterRule network(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        try {
            byte[] address = bytes(host);
            if (address != null) {
                int bits =
                        slash < 0
                                ? address.length * 8
                                : Integer.parseInt(text.substring(slash + 1));
                return new IpSubnetFilterRule(
                        InetAddress.getByAddress(address), bits, IpFilterRuleType.ACCEPT);
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "expected an address, a network as in 10.0.0.0/8, or *, but got '" + text + "'");
    }

    @Override
    public SocketAddress address(Exchange exchange) {
        SocketAddress peer = Clients.peer(exchange);
        if (!exchange.headers().contains("X-Forwarded-For") || !trust(peer)) {
            return peer;
        }
        SocketAddress client = peer;
        List<String> fields = exchange.headers().getAll("X-Forwarded-For");
        for (int i = fields.size() - 1; i >= 0; i--) {
            String field = fields.get(i);
            for (int end = field.length(), comma; end >= 0; end = comma) {
                comma = field.lastIndexOf(',', end - 1);
                String hop = Parameters.trimmed(field.substring(comma + 1, end));
                if (hop.isEmpty()) {
                    continue; // of no meaning (RFC 9110 section 5.6.1.2)
                }
                InetSocketAddress next = trust(client) ? parse(hop) : null;
                if (next == null) {
                    return client; // a proxy would not have written that, or is none
                }
                client = next;
            }
        }
        return client;
    }

    @Override
    public String scheme(Exchange exchange) {
        List<String> fields = exchange.headers().getAll("X-Forwarded-Proto");
        if (fields.isEmpty() || !trust(Clients.peer(exchange))) {
            return exchange.scheme();
        }
        String last = fields.getLast();
        String said = Parameters.trimmed(last.substring(last.lastIndexOf(',') + 1));
        return said.equalsIgnoreCase("https")
                ? "https"
                : said.equalsIgnoreCase("http") ? "http" : exchange.scheme();
    }

    /**
     * An address, which may have a port; null if it is none, as {@code unknown} and {@code _hidden}
     * (RFC 7239 section 6), or has a zone, which is of another machine.
     */
    private static @Nullable InetSocketAddress parse(String hop) {
        int bracket = hop.indexOf(']');
        int colon = hop.indexOf(':', bracket + 1);
        boolean hasPort = bracket >= 0 ? colon >= 0 : colon >= 0 && hop.indexOf(':', colon + 1) < 0;
        String host = hasPort ? hop.substring(0, colon) : hop;
        if (hasPort && !isPort(hop.substring(colon + 1))) {
            return null;
        }
        if (bracket >= 0) {
            if (!host.startsWith("[") || !host.endsWith("]") || host.indexOf(':') < 0) {
                return null;
            }
            host = host.substring(1, host.length() - 1);
        }
        byte[] address = host.indexOf('%') < 0 && host.indexOf('[') < 0 ? bytes(host) : null;
        try {
            return address == null
                    ? null
                    : new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static byte @Nullable [] bytes(String host) {
        return AMBIGUOUS.matcher(host).find()
                ? null
                : NetUtil.createByteArrayFromIpAddressString(host);
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return false;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port <= 65535;
    }

    /** A peer over a Unix socket is of this machine, and trusted if anybody is (nginx: unix:). */
    boolean trust(SocketAddress address) {
        if (all || !(address instanceof InetSocketAddress inet)) {
            return all || !networks.isEmpty();
        }
        if (inet.isUnresolved()) {
            return false;
        }
        for (IpSubnetFilterRule network : networks) {
            if (network.matches(inet)) {
                return true;
            }
        }
        return false;
    }
}
