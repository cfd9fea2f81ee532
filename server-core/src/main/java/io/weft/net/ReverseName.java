package io.weft.net;

import java.net.InetAddress;

/** The name under which DNS knows an address (RFC 1035 section 3.5, RFC 3596 section 2.5). */
final class ReverseName {
    private ReverseName() {}

    static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        var name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int value = bytes[i] & 0xff;
            if (bytes.length == 4) {
                name.append(value).append('.');
            } else {
                name.append(Character.forDigit(value & 0xf, 16)).append('.');
                name.append(Character.forDigit(value >> 4, 16)).append('.');
            }
        }
        return name.append(bytes.length == 4 ? "in-addr.arpa." : "ip6.arpa.").toString();
    }
}
