package io.weft.load;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses with letters of all languages (RFC 3987), as they go over the wire. Stateless.
 *
 * <p>Difference from {@link java.net.URI#toASCIIString}: what is typed is sent, no letter is
 * replaced by an equivalent one (RFC 3987 section 3.1, step 1).
 */
final class Iri {
    private static final Pattern PARTS =
            Pattern.compile("([^:/?#]+://)([^/?#]*)(.*)", Pattern.DOTALL);

    private static final Pattern AUTHORITY = Pattern.compile("((?:.*@)?)(.*?)((?::\\d*)?)");

    private Iri() {}

    /**
     * The URI for an IRI with a host: in the host as {@link #host}, elsewhere bytes of UTF-8 in
     * percent-encoding (RFC 3987 section 3.1).
     *
     * @throws IllegalArgumentException if there is none
     */
    static String toUri(String iri) {
        Matcher parts = PARTS.matcher(iri);
        if (isAscii(iri) || !parts.matches()) {
            return iri;
        }
        Matcher authority = AUTHORITY.matcher(parts.group(2));
        return authority.matches()
                ? parts.group(1)
                        + authority.group(1)
                        + host(authority.group(2))
                        + authority.group(3)
                        + encoded(parts.group(3))
                : iri;
    }

    /**
     * The host as name servers know it: its labels in Punycode (RFC 3490).
     *
     * @throws IllegalArgumentException if it cannot be a host
     */
    static String host(String host) {
        if (isAscii(host)) {
            return host;
        }
        try {
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected a host name, but '" + host + "' can be none", e);
        }
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            if (c < 0x80) {
                                encoded.append((char) c);
                            } else {
                                percent(c, encoded);
                            }
                        });
        return encoded.toString();
    }

    private static void percent(int c, StringBuilder encoded) {
        if (Character.getType(c) == Character.SURROGATE) {
            throw new IllegalArgumentException("expected whole characters, got half of one");
        }
        for (byte each : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("%%%02X", each));
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
