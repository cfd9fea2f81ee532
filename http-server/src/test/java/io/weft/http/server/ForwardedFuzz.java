package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Asked;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The client is the first from the right that no proxy is, and no proxy's word goes further. */
public final class ForwardedFuzz {
    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 4711);
    private static final TrustedProxies PROXIES =
            TrustedProxies.of(List.of("127.0.0.1", "10.0.0.0/8", "2001:db8::/32"));

    private static final Pattern V4 = Pattern.compile("([0-9.]+)(?::([0-9]{1,5}))?");
    private static final Pattern V6 =
            Pattern.compile(
                    "([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)|\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)](?::([0-9]{1,5}))?");

    private ForwardedFuzz() {}

    /** One input of the fuzzer: fields, one to a line, each of addresses and of schemes. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        List<String> fields = List.of(text.split("\n", -1));
        var exchange =
                Asked.exchange(
                        "/", Map.of("X-Forwarded-For", fields, "X-Forwarded-Proto", fields), PEER);
        String joined = String.join(",", fields);
        assertThat(PROXIES.address(exchange)).isEqualTo(client(joined));
        String last = trimmed(joined.substring(joined.lastIndexOf(',') + 1));
        assertThat(PROXIES.scheme(exchange))
                .isEqualTo(last.equalsIgnoreCase("https") ? "https" : "http");
    }

    private static InetSocketAddress client(String fields) {
        InetSocketAddress client = PEER;
        var hops = new ArrayList<>(List.of(fields.split(",", -1)));
        hops.replaceAll(ForwardedFuzz::trimmed);
        hops.removeIf(String::isEmpty);
        for (String hop : hops.reversed()) {
            InetAddress next = isProxy(client.getAddress()) ? address(hop) : null;
            if (next == null) {
                return client;
            }
            client = new InetSocketAddress(next, 0);
        }
        return client;
    }

    private static boolean isProxy(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.equals(PEER.getAddress())
                || (bytes.length == 4 && bytes[0] == 10)
                || (bytes.length == 16 && address.getHostAddress().startsWith("2001:db8:"));
    }

    private static @Nullable InetAddress address(String hop) {
        Matcher v4 = V4.matcher(hop);
        Matcher v6 = V6.matcher(hop);
        try {
            if (v4.matches()) {
                InetAddress address = InetAddress.ofLiteral(v4.group(1));
                boolean isPlain = address.getHostAddress().equals(v4.group(1));
                return isPlain && isPort(v4.group(2)) ? address : null;
            }
            if (v6.matches() && isPort(v6.group(3))) {
                return embedding(v6.group(1) != null ? v6.group(1) : v6.group(2));
            }
        } catch (IllegalArgumentException e) {
            // it is none
        }
        return null;
    }

    /** One that ends as an IPv4 address is the same as one, so that none is written else. */
    private static @Nullable InetAddress embedding(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        int dotted = text.lastIndexOf(':') + 1;
        boolean embeds = text.indexOf('.') >= 0;
        boolean isPlain =
                !embeds
                        || InetAddress.ofLiteral(text.substring(dotted))
                                .getHostAddress()
                                .equals(text.substring(dotted));
        boolean isKnown = // and the JDK reads numbers of any length
                !text.matches(".*[0-9A-Fa-f]{5}.*") && (!embeds || address instanceof Inet4Address);
        return isPlain && isKnown ? address : null;
    }

    private static String trimmed(String text) {
        return text.replaceAll("^[ \t]+|[ \t]+$", "");
    }

    private static boolean isPort(@Nullable String text) {
        return text == null || Integer.parseInt(text) <= 65535;
    }
}
