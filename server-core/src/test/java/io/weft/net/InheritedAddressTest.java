package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** Which sockets were opened for us. */
class InheritedAddressTest {
    @Test
    void descriptorsBeginAtThree() {
        assertThat(InheritedAddress.all(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "2"), 42))
                .containsExactly(new InheritedAddress(3), new InheritedAddress(4));
    }

    @Test
    void thoseOfAnotherProcessAreNotOurs() {
        assertThat(InheritedAddress.all(Map.of("LISTEN_PID", "41", "LISTEN_FDS", "2"), 42))
                .isEmpty();
        assertThat(InheritedAddress.all(Map.of("LISTEN_FDS", "2"), 42)).isEmpty();
        assertThat(InheritedAddress.all(Map.of(), 42)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "two", "99999"})
    void numberThatMakesNoSenseIsRefused(String count) {
        assertThatThrownBy(
                        () ->
                                InheritedAddress.all(
                                        Map.of("LISTEN_PID", "42", "LISTEN_FDS", count), 42))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a number of sockets in LISTEN_FDS, but got '" + count + "'");
    }

    @Test
    void addressIsReadAndShown() {
        assertThat(Addresses.parse("fd://3")).isEqualTo(new InheritedAddress(3));
        assertThat(Addresses.format(new InheritedAddress(3))).isEqualTo("fd://3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd://", "fd://2", "fd://-3", "fd://three"})
    void anythingElseIsNoDescriptor(String text) {
        assertThatThrownBy(() -> Addresses.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected the number of a descriptor, from 3 on");
    }
}
