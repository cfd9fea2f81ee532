package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.Handler;
import io.weft.http.Raw;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.util.List;

/** Whose word is taken for who asks. The peer of these tests is 127.0.0.1. */
class TrustedProxiesTest {
    private static final Handler TELL =
            (request, response) -> {
                var client = (InetSocketAddress) request.remoteAddress();
                response.send(client.getAddress().getHostAddress() + " " + request.scheme());
            };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1             | X-Forwarded-For: 1.2.3.4               | 1.2.3.4 http",
                "127.0.0.0/8           | X-Forwarded-For: 1.2.3.4:567           | 1.2.3.4 http",
                "*                     | X-Forwarded-For: 1.2.3.4               | 1.2.3.4 http",
                "10.0.0.0/8            | X-Forwarded-For: 1.2.3.4               | 127.0.0.1 http",
                "''                    | X-Forwarded-For: 1.2.3.4               | 127.0.0.1 http",
                "127.0.0.1             | 'X-Forwarded-For: 6.6.6.6, 1.2.3.4'    | 1.2.3.4 http",
                "'127.0.0.1,1.2.0.0/16' | 'X-Forwarded-For: 6.6.6.6, 1.2.3.4'   | 6.6.6.6 http",
                "127.0.0.1             | 'X-Forwarded-For: 1.2.3.4, nonsense'   | 127.0.0.1 http",
                "127.0.0.1             | X-Forwarded-For: ::1                   | 0:0:0:0:0:0:0:1"
                        + " http",
                "127.0.0.1             | 'X-Forwarded-For: [2001:db8::1]:80'    |"
                        + " 2001:db8:0:0:0:0:0:1 http",
                "127.0.0.1             | X-Forwarded-Proto: https               | 127.0.0.1 https",
                "127.0.0.1             | X-Forwarded-Proto: gopher              | 127.0.0.1 http",
                "10.0.0.1              | X-Forwarded-Proto: https               | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-Proto: HTTPS | 127.0.0.1 https",
                "127.0.0.1 | X-Forwarded-Proto: http~X-Forwarded-Proto: https | 127.0.0.1 https",
                "127.0.0.1 | X-Forwarded-Proto: https~x-forwarded-proto: http | 127.0.0.1 http",
                "127.0.0.1 | 'X-Forwarded-Proto: https, http' | 127.0.0.1 http",
                "127.0.0.1 | 'X-Forwarded-Proto: http ,  HttpS ' | 127.0.0.1 https",
                "127.0.0.1 | 'X-Forwarded-Proto: https, gopher' | 127.0.0.1 http",
                "127.0.0.1 | 'X-Forwarded-Proto: https~X-Forwarded-Proto: ' | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: 6.6.6.6~X-Forwarded-For: 1.2.3.4 | 1.2.3.4 http",
                "'127.0.0.1,1.2.0.0/16' | 'X-Forwarded-For: 6.6.6.6, 5.5.5.5~X-Forwarded-For:"
                        + " 1.2.3.4' | 5.5.5.5 http",
                "127.0.0.1 | 'X-Forwarded-For: 6.6.6.6,1.2.3.4, ,' | 1.2.3.4 http",
                "127.0.0.1 | 'X-Forwarded-For: 1.2.3.4~X-Forwarded-For:' | 1.2.3.4 http",
                "* | 'X-Forwarded-For: unknown, 6.6.6.6, 1.2.3.4' | 6.6.6.6 http",
                "127.0.0.1 | X-Forwarded-For: unknown | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: _hidden | 127.0.0.1 http",
                "127.0.0.1 | 'X-Forwarded-For: 6.6.6.6, unknown' | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: 1.2.3.4:http | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: 1.2.3.4:65536 | 127.0.0.1 http",
                "127.0.0.1 | 'X-Forwarded-For: 1.2.3.4:' | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: [1.2.3.4] | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: [::1]x | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: [::1 | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: 010.2.3.4 | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: 1.2.3.04:80 | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: ::ffff:01.2.3.4 | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: ::1.2.3.4 | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: 0.20.30.100 | 0.20.30.100 http",
                "127.0.0.1 | X-Forwarded-For: ::1] | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: [::2] | 0:0:0:0:0:0:0:2 http",
                "127.0.0.1 | X-Forwarded-For: fe80::1%eth0 | 127.0.0.1 http",
                "127.0.0.1 | X-Forwarded-For: ::ffff:1.2.3.4 | 1.2.3.4 http",
            })
    void clientIsWhomTheProxiesName(String trusted, String header, String client) throws Exception {
        var proxies = TrustedProxies.of(List.of(trusted.split(",", -1)));
        try (var raw = new Raw(TELL, builder -> builder.clients(proxies))) {
            String fields = header.replace("~", "\r\n");
            raw.send("GET / HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "10.0.0.0/99", "10.0.0.0/x", "1.2.3", "010.0.0.0/8"})
    void whatIsNoAddressIsRefused(String trusted) {
        assertThatThrownBy(() -> TrustedProxies.of(List.of(trusted)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an address");
    }
}
