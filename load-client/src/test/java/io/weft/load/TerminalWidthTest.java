package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalWidthTest {
    @Test
    void isWhatTheEnvironmentSaysOrTheUsualOne() {
        assertThat(TerminalWidth.of("60")).isEqualTo(60);
        assertThat(TerminalWidth.of(" 132 ")).isEqualTo(132);
        assertThat(TerminalWidth.of(null)).isEqualTo(80);
        assertThat(TerminalWidth.of("")).isEqualTo(80);
        assertThat(TerminalWidth.of("wide")).isEqualTo(80);
        assertThat(TerminalWidth.of("0")).isEqualTo(80);
    }

    @Test
    void canBeAskedAlsoWhereThereIsNoTerminal() {
        assertThat(TerminalWidth.columns()).isPositive();
    }
}
