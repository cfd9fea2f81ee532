package io.weft.http.websocket;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One client's offer of permessage-deflate that keeps to the rules: no parameter twice, or of
 * another name, or with a value that it cannot have (RFC 7692 section 7.1).
 *
 * @param serverWindow how many bits the window for what the server sends may have at most; 0 if the
 *     offer does not say
 */
record DeflateOffer(int serverWindow) {
    private static final String NAME = "permessage-deflate";
    private static final Pattern BITS = Pattern.compile("[89]|1[0-5]");

    /** Those among the values of {@code Sec-WebSocket-Extensions}, in the client's order. */
    static List<DeflateOffer> in(List<String> fields) {
        var offers = new ArrayList<DeflateOffer>();
        for (String element : split(String.join(",", fields), ',')) {
            DeflateOffer offer = read(split(element, ';'));
            if (offer != null) {
                offers.add(offer);
            }
        }
        return offers;
    }

    private static @Nullable DeflateOffer read(List<String> parts) {
        if (!parts.getFirst().equalsIgnoreCase(NAME)) {
            return null;
        }
        var seen = new HashSet<String>();
        int serverWindow = 0;
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            String value = equals < 0 ? null : unquoted(part.substring(equals + 1).strip());
            boolean valid =
                    switch (name.toLowerCase(Locale.ROOT)) {
                        case "server_no_context_takeover", "client_no_context_takeover" ->
                                value == null;
                        case "client_max_window_bits" -> value == null || isBits(value);
                        case "server_max_window_bits" -> value != null && isBits(value);
                        default -> false;
                    };
            if (!valid || !seen.add(name.toLowerCase(Locale.ROOT))) {
                return null;
            }
            if (name.equalsIgnoreCase("server_max_window_bits") && value != null) {
                serverWindow = Integer.parseInt(value);
            }
        }
        return new DeflateOffer(serverWindow);
    }

    private static boolean isBits(String value) {
        return BITS.matcher(value).matches();
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The parts between separators that stand in no quoted string, without blanks around them. */
    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
