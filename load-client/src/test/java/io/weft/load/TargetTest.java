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
        assertThat(Target.parse(text)).isEqualTo(InetSocketAddress.createUnresolved(host, port));
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

    @Test
    void aHostIsLookedUpOnce() throws UnknownHostException {
        SocketAddress address = Target.lookUp(Target.parse("[::1]:80"));

        assertThat(address).isEqualTo(new InetSocketAddress("::1", 80));
        assertThat(((InetSocketAddress) address).isUnresolved()).isFalse();
    }

    @Test
    void aUnixSocketIsATarget() throws UnknownHostException {
        assertThat(Target.lookUp(Target.parse("unix:/run/echo")))
                .isEqualTo(UnixDomainSocketAddress.of("/run/echo"));
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThatThrownBy(() -> Target.lookUp(Target.parse("no-such-host.invalid:80")))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("unknown host 'no-such-host.invalid'");
    }
}
