package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Reference;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's cookies are what the standard's grammar says, and a cookie that is sent comes back
 * (RFC 6265 sections 4.1, 5.4).
 */
public final class CookieFuzz {
    private static final Pattern PAIR =
            Pattern.compile("[ \t]*([^=;]*?)[ \t]*=[ \t]*([^;]*?)[ \t]*(?:;|$)");

    private CookieFuzz() {}

    /** One input of the fuzzer: fields, one to a line; the first is also what is sent. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        List<String> fields = List.of(text.split("\n", -1));
        assertThat(Cookies.parse(fields)).isEqualTo(reference(fields));
        int equals = fields.getFirst().indexOf('=');
        if (equals >= 0) {
            comesBack(
                    fields.getFirst().substring(0, equals),
                    fields.getFirst().substring(equals + 1));
        }
    }

    private static Map<String, String> reference(List<String> fields) {
        var cookies = new LinkedHashMap<String, String>();
        for (String field : fields) {
            for (String each : field.split(";", -1)) {
                Matcher pair = PAIR.matcher(each);
                if (pair.matches() && !pair.group(1).isEmpty()) {
                    String value = pair.group(2).replaceFirst("(?s)^\"(.*)\"\\z", "$1");
                    cookies.putIfAbsent(Reference.utf8(pair.group(1)), Reference.utf8(value));
                }
            }
        }
        return cookies;
    }

    private static void comesBack(String name, String value) {
        String sent;
        try {
            sent = Cookie.of(name, value).encoded();
        } catch (IllegalArgumentException e) {
            return; // it says what a cookie must not have
        }
        assertThat(sent).startsWith(name + "=").matches("[ -~]*");
        String pair = sent.substring(0, sent.indexOf(';'));
        assertThat(Cookies.parse(List.of(pair + "; c=d")))
                .containsEntry(name, value.replaceFirst("^\"(.*)\"$", "$1"));
    }
}
