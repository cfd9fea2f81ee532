package io.weft.http;

import io.weft.http.grammar.Octets;
import io.weft.http.grammar.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a client sends in {@code Cookie} (RFC 6265 section 5.4). Values are opaque: nothing is
 * unescaped but a pair of quotes around one (section 4.1.1), and bytes are taken for UTF-8, as
 * scripts in a browser write them.
 */
final class Cookies {
    private Cookies() {}

    static Map<String, String> parse(List<String> headers) {
        var cookies = new LinkedHashMap<String, String>();
        for (String header : headers) {
            for (int start = 0, end; start < header.length(); start = end + 1) {
                end = header.indexOf(';', start);
                end = end < 0 ? header.length() : end;
                add(header.substring(start, end), cookies);
            }
        }
        return cookies;
    }

    /** What has no name is no cookie. */
    private static void add(String pair, Map<String, String> cookies) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : Parameters.trimmed(pair.substring(0, equals));
        if (!name.isEmpty()) {
            String value = unquoted(Parameters.trimmed(pair.substring(equals + 1)));
            cookies.putIfAbsent(Octets.text(name), Octets.text(value));
        }
    }

    private static String unquoted(String value) {
        int end = value.length() - 1;
        return end > 0 && value.charAt(0) == '"' && value.charAt(end) == '"'
                ? value.substring(1, end)
                : value;
    }
}
