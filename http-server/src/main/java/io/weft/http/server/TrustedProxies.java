package io.weft.http.server;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.weft.http.Exchange;
import io.weft.http.h1.Clients;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the word of known proxies for who asks, and by which scheme: {@code X-Forwarded-For} and
 * {@code X-Forwarded-Proto}. Each proxy adds its own peer at the right, so the first address from
 * the right that is no known proxy's is the client; what stands left of it is anybody's invention.
 * Immutable.
 *
 * <p>Differences from gunicorn ({@code forwarded_allow_ips}): networks can be named, not addresses
 * only; the client's address is taken over, not the scheme alone.
 */
public final class TrustedProxies implements Clients {
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
            byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
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
        List<String> hops = hops(exchange);
        for (int i = hops.size() - 1; i >= 0 && trust(client); i--) {
            InetSocketAddress hop = parse(hops.get(i));
            if (hop == null) {
                break; // a proxy would not have written that
            }
            client = hop;
        }
        return client;
    }

    @Override
    public String scheme(Exchange exchange) {
        String said = exchange.headers().get("X-Forwarded-Proto");
        boolean known = "https".equals(said) || "http".equals(said);
        return said != null && known && trust(Clients.peer(exchange)) ? said : exchange.scheme();
    }

    private static List<String> hops(Exchange exchange) {
        var hops = new ArrayList<String>();
        for (String value : exchange.headers().getAll("X-Forwarded-For")) {
            hops.addAll(List.of(value.split(",", -1)));
        }
        return hops;
    }

    /** An address, which may have a port; null if it is none. */
    private static @Nullable InetSocketAddress parse(String hop) {
        String text = hop.strip();
        int colon = text.lastIndexOf(':');
        if (colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']')) {
            text = text.substring(0, colon);
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return address == null
                    ? null
                    : new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            return null;
        }
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
