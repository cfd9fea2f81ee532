package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

class SourcesTest {
    private static final SocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 8888);

    @Test
    void asManyAsOneAddressHasPortsForAreLeftToTheSystem() {
        assertThat(Sources.of(LOOPBACK, 20_000).of(19_999)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 127.0.0.1",
        "19999, 127.0.0.1",
        "20000, 127.0.0.2",
        "39999, 127.0.0.2",
        "40000, 127.0.0.3",
        "5079999, 127.0.0.254",
        "5120000, 127.0.1.1"
    })
    void moreAreSpread(int index, String source) throws UnknownHostException {
        assertThat(Sources.of(LOOPBACK, 6_000_000).of(index))
                .isEqualTo(InetAddress.getByName(source));
    }

    @Test
    void everyLoopbackAddressIsATarget() throws UnknownHostException {
        var sources = Sources.of(new InetSocketAddress("127.9.9.9", 8888), 20_001);

        assertThat(sources.of(20_000)).isEqualTo(InetAddress.getByName("127.0.0.2"));
    }

    @Test
    void otherTargetsAreNotReachedFromLoopbackAddresses() {
        assertThat(Sources.of(new InetSocketAddress("192.0.2.1", 8888), 50_000).of(49_999))
                .isNull();
        assertThat(Sources.of(new InetSocketAddress("::1", 8888), 50_000).of(49_999)).isNull();
        assertThat(Sources.of(UnixDomainSocketAddress.of("/tmp/echo"), 50_000).of(49_999)).isNull();
    }
}
