package io.weft.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.HttpException;
import io.weft.http.Limits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The rules against the grammar of RFC 3986 and RFC 9110, as the test writes it. */
class RequestRulesTest {
    /** Without the comma of a reg-name, which is where two fields were joined. */
    private static final Pattern HOST =
            Pattern.compile(
                    "(([-._~0-9A-Za-z!$&'()*+;=]|%[0-9A-Fa-f]{2})+"
                            + "|\\[(?i:v)[0-9A-Fa-f]+\\.[-._~0-9A-Za-z!$&'()*+,;=:]+]"
                            + "|\\[V6])(:(?<port>[0-9]*))?");

    private static final Pattern V6 = Pattern.compile("(?i)\\[([0-9a-f]*::?[0-9a-f:]*)](:[0-9]*)?");

    private static String check(String method, String target, String... hosts)
            throws HttpException {
        var fields = new ArrayList<Map.Entry<CharSequence, CharSequence>>();
        fields.add(Map.entry("Accept", "*/*"));
        for (String host : hosts) {
            fields.add(Map.entry("hOST", host));
        }
        return RequestRules.check(method, target, fields.iterator(), true, Limits.DEFAULT);
    }

    private static boolean isHost(String text) {
        try {
            check("GET", "/", text);
            return true;
        } catch (HttpException e) {
            assertThat(e.status()).isEqualTo(400);
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a.example",
                "a_b.example",
                "a:",
                "a:0",
                "a:80",
                "a:65535",
                "a:000080",
                "1.2.3.4:80",
                "%41%c3%a9",
                "[::1]",
                "[::1]:80",
                "[2001:db8::1]",
                "[::ffff:1.2.3.4]:80",
                "[1:2:3:4:5:6:7:8]",
                "[v1.a:b]",
                "[vF.~]:1",
            })
    void hostIsTaken(String text) {
        assertThat(isHost(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":80",
                "a<b",
                "a\"b",
                "a:b:c",
                "a:b",
                "[::1",
                "::1",
                "[::1]a",
                "[::1]80",
                "[]",
                "[::1%25eth0]",
                "[::1%eth0]",
                "[1:2]",
                "[:::]",
                "[g::1]",
                "[v1]",
                "[v.a]",
                "[v1.]",
                "[vg.a]",
                "[1.2.3.4]",
                "[[::1]]",
                "a:-1",
                "a:+1",
                "a: 1",
                "a:65536",
                "a:4294967376",
                "a:18446744073709551696",
                "a:\u0661",
                "u@a",
                "u:p@a",
                "a/b",
                "a,b",
                "a b",
                "a%",
                "a%4",
                "a%4g",
                "\u00e9",
                "a#b",
                "a?b",
                "a\\b",
                "http://a",
            })
    void whatIsNoHostIsRefused(String text) {
        assertThat(isHost(text)).isFalse();
    }

    /** All bytes at all places, in place of one and between two. */
    @ParameterizedTest
    @ValueSource(strings = {"a.b:80", "[::1]:8", "[v1.a]", "%41", "1.2.3.4"})
    void hostIsWhatTheGrammarHas(String text) {
        for (int at = 0; at <= text.length(); at++) {
            for (char c = 0; c < 256; c++) {
                verify(text.substring(0, at) + c + text.substring(at));
                if (at < text.length()) {
                    verify(text.substring(0, at) + c + text.substring(at + 1));
                }
            }
        }
    }

    private static void verify(String text) {
        assertThat(isHost(text)).as(text).isEqualTo(isHostByTheBook(text));
    }

    private static boolean isHostByTheBook(String text) {
        if (text.isEmpty()) {
            return true;
        }
        var v6 = V6.matcher(text);
        String known = text;
        if (v6.matches()) {
            if (!List.of("::1", "::", "1::1", "::11", "::a1", "a::1")
                    .contains(generic(v6.group(1)))) {
                return false;
            }
            known = "[V6]" + (v6.group(2) == null ? "" : v6.group(2));
        }
        var host = HOST.matcher(known);
        return host.matches()
                && (host.group("port") == null
                        || host.group("port").isEmpty()
                        || Integer.parseInt(host.group("port")) <= 65535);
    }

    /** One of the few forms that a changed {@code ::1} can have, with each digit made 1 or a. */
    private static String generic(String address) {
        String digits = address.replaceAll("[0-9]", "1").replaceAll("[A-Fa-f]", "a");
        return digits.equals("::1a") || digits.equals("::aa") || digits.equals("::a")
                ? digits.replace('a', '1')
                : digits;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            nullValues = "-",
            value = {
                "GET\t/\t-",
                "GET\t/a/b;c=d/e?f=g&h[]=i|j\t-",
                "GET\t/[a]|^\t-",
                "GET\t/?`{}\\\\\t-",
                "GET\t/?a?b/c\t-",
                "GET\t//a/b\t-",
                "GET\t/%C3%A9\t-",
                "GET\t/\u00c3\u00a9?\u00c3\u00a9\t-",
                "OPTIONS\t*\t-",
                "OPTIONS\thttp://a\ta",
                "GET\thttp://a\ta",
                "GET\tHTTPS://a:80?b\ta:80",
                "GET\thttp://[::1]:8/b\t[::1]:8",
                "M-SEARCH\t/\t-",
            })
    void targetIsTakenAndItsAuthorityTold(String method, String target, String authority)
            throws Exception {
        assertThat(check(method, target, "host")).isEqualTo(authority);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '~',
            value = {
                "GET\t*\t400",
                "GET\ta\t400",
                "GET\ta:80\t400",
                "GET\t~~\t400",
                "GET\t?a\t400",
                "GET\thttp:///get\t400",
                "GET\thttp://\t400",
                "GET\thttp://:80/\t400",
                "GET\thttp://u:p@h/get\t400",
                "GET\thttp://u@h/get\t400",
                "GET\thttp://x@evil\"<b>/get\t400",
                "GET\thttp://a,b/\t400",
                "GET\thttp:/a/b\t400",
                "GET\thttp:a\t400",
                "GET\tftp://a/\t400",
                "GET\tjavascript:alert(1)\t400",
                "GET\t/a#b\t400",
                "GET\t/a?b#c\t400",
                "GET\t/<\t400",
                "GET\t/a\"\t400",
                "GET\t/?\"\t400",
                "GET\t/?a>b\t400",
                "GET\t/\\a\t400",
                "GET\t/{a}\t400",
                "GET\t/`\t400",
                "CONNECT\ta:80\t501",
                "CONNECT\t/\t400",
                "CONNECT\t*\t400",
                "CONNECT\thttp://a/\t400",
                "G@T\t/\t400",
                "~~\t/\t400",
                "OPTIONS\t**\t400",
            })
    void targetIsRefused(String method, String target, int status) {
        assertThatThrownBy(() -> check(method, target, "host"))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void hostIsOne() throws Exception {
        assertThatThrownBy(() -> check("GET", "/")).hasMessageContaining("one Host field");
        assertThatThrownBy(() -> check("GET", "/", "a", "a"))
                .hasMessageContaining("one Host field, but got 2");
        RequestRules.check(
                "GET",
                "/",
                List.<Map.Entry<CharSequence, CharSequence>>of().iterator(),
                false,
                Limits.DEFAULT);
    }
}
