package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "example.org:80, example.org, 80",
        ":9000, localhost, 9000",
        "9000, localhost, 9000",
        "[::1]:9000, ::1, 9000",
        "127.0.0.1:9000, 127.0.0.1, 9000"
    })
    void aHostLeftOutIsThisMachine(String text, String host, int port) {
        assertThat(Target.parse(text).address())
                .isEqualTo(InetSocketAddress.createUnresolved(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:",
                "localhost:x",
                "::1:80",
                "localhost:65536",
                "localhost:0",
                ""
            })
    void whatIsNoTargetIsRefused(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org, HTTP, example.org, 80, example.org, /",
        "http://example.org:80/a?b=c, HTTP, example.org, 80, example.org, /a?b=c",
        "https://example.org:8443/?x, HTTPS, example.org, 8443, example.org:8443, /?x",
        "WS://[::1]:9000/a%20b, WS, ::1, 9000, [::1]:9000, /a%20b",
        "wss://example.org/, WSS, example.org, 443, example.org, /",
        "tls://example.org:9000, TLS, example.org, 9000, example.org:9000, ''"
    })
    void aUrlSaysWhatIsSpoken(
            String text, Scheme scheme, String host, int port, String authority, String path) {
        assertThat(Target.parse(text))
                .isEqualTo(
                        new Target(
                                scheme,
                                InetSocketAddress.createUnresolved(host, port),
                                authority,
                                path));
    }

    @Test
    void aHostIsLookedUpOnce() throws UnknownHostException {
        SocketAddress address = Target.parse("[::1]:80").lookUp().address();

        assertThat(address).isEqualTo(new InetSocketAddress("::1", 80));
        assertThat(((InetSocketAddress) address).isUnresolved()).isFalse();
    }

    @Test
    void aUnixSocketIsATarget() throws UnknownHostException {
        assertThat(Target.parse("unix:/run/echo").lookUp().address())
                .isEqualTo(UnixDomainSocketAddress.of("/run/echo"));
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThatThrownBy(() -> Target.parse("no-such-host.invalid:80").lookUp())
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("unknown host 'no-such-host.invalid'");
    }
}
