package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.testing.PinsCarriers;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Look-ups of a coroutine that the JDK cannot take off its thread, on every transport. */
@PinsCarriers
class PinnedLookUpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> ASKED = new ArrayList<>();

    /** Stands for the C library's. */
    private static final InetAddressResolver BUILTIN =
            new InetAddressResolver() {
                @Override
                public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
                    ASKED.add(host);
                    return Stream.of(InetAddress.getLoopbackAddress());
                }

                @Override
                public String lookupByAddress(byte[] address) {
                    ASKED.add("address");
                    return "builtin";
                }
            };

    private static final class LooksUp {
        static final boolean PINNED = Loop.current().isPinned();
        static final String FOUND = lookUp();

        private static String lookUp() {
            try {
                InetAddressResolver resolver = CooperativeResolverProvider.over(BUILTIN);
                InetAddress found =
                        resolver.lookupByName("pinned", LookupPolicy.of(LookupPolicy.IPV4))
                                .findFirst()
                                .orElseThrow();
                return found.getHostAddress() + " " + resolver.lookupByAddress(new byte[4]);
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void lookUpInAClassInitialiserGoesTheJdksWay() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var pinned = group.next().spawn(() -> LooksUp.FOUND);
            assertThat(pinned.get(PATIENCE)).isEqualTo("127.0.0.1 builtin");
            assertThat(ASKED).containsExactly("pinned", "address");
            assertThat(LooksUp.PINNED).isTrue();
            assertThat(group.next().call(() -> Loop.current().isPinned())).isFalse();
        }
    }

    private static final class FindsLocalhost {
        static final boolean IS_LOOPBACK = find();

        private static boolean find() {
            try {
                return InetAddress.getByName("localhost").isLoopbackAddress();
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void loopGoesOnAfterIt() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var pinned = group.next().spawn(() -> FindsLocalhost.IS_LOOPBACK);
            assertThat(pinned.get(PATIENCE)).isTrue();
            assertThat(group.next().call(() -> "on")).isEqualTo("on");
        }
    }
}
