package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Locale;

class TransportTest {
    @ParameterizedTest
    @CsvSource({
        "epoll, EPOLL",
        "io_uring, IO_URING",
        "IO-URING, IO_URING",
        "kqueue, KQUEUE",
        "nio, NIO",
        "Nio, NIO"
    })
    void isFoundByItsName(String name, Transport transport) {
        assertThat(Transport.parse(name)).isSameAs(transport);
    }

    @Test
    void namesAreIndependentOfTheLocale() {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr")); // where i has a dot in upper case too
        try {
            assertThat(Transport.parse("nio")).isSameAs(Transport.NIO);
            assertThat(Transport.IO_URING).hasToString("io_uring");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void unknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> Transport.parse("carrier pigeon"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "unknown transport 'carrier pigeon'; there are epoll, io_uring, kqueue,"
                                + " nio");
    }

    @Test
    void nioIsEverywhere() {
        assertThat(Transport.NIO.require()).isSameAs(Transport.NIO);
        assertThat(Transport.NIO.isAvailable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void availableOneRunsALoop(Transport transport) throws Exception {
        assumeTrue(transport.isAvailable());
        try (var group = LoopGroup.create(1, transport)) {
            assertThat(group.transport()).isSameAs(transport);
            assertThat(group.next().<Integer>call(() -> 1)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unavailableOneSaysWhy(Transport transport) {
        assumeFalse(transport.isAvailable());
        assertThatThrownBy(() -> LoopGroup.create(1, transport))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("transport " + transport + " is not available here: ")
                .hasMessageNotContaining("null")
                .hasCauseInstanceOf(Throwable.class);
    }

    @Test
    void propertyNamesThePreferredOne() {
        String before = System.getProperty(Transport.PROPERTY);
        try {
            System.setProperty(Transport.PROPERTY, "nio");
            assertThat(Transport.preferred()).isSameAs(Transport.NIO);
            System.setProperty(Transport.PROPERTY, "pigeon");
            assertThatThrownBy(Transport::preferred).hasMessageContaining("'pigeon'");
            System.clearProperty(Transport.PROPERTY);
            assertThat(Transport.preferred().isAvailable()).isTrue();
        } finally {
            if (before == null) {
                System.clearProperty(Transport.PROPERTY);
            } else {
                System.setProperty(Transport.PROPERTY, before);
            }
        }
    }
}
