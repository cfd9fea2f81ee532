package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter terminal = new StringWriter();
    private final Progress progress = Progress.on(new PrintWriter(terminal));

    @Test
    void isWrittenOverItself() {
        progress.connecting(3, 10);
        progress.clear();

        assertThat(terminal).hasToString("\r\033[Kconnecting: 3 of 10\r\033[K");
    }

    @Test
    void theRateIsThatOfTheLastSecond() {
        progress.running(5 * SECOND, 6 * SECOND, 1000);
        progress.running(5 * SECOND, 6 * SECOND + SECOND / 2, 1200);
        progress.running(5 * SECOND, 7 * SECOND, 1500);

        assertThat(terminal.toString().split("\r\033\\[K", -1))
                .containsExactly(
                        "",
                        "1.0 s: 1000 messages, 1000 per second",
                        "1.5 s: 1200 messages, 1000 per second",
                        "2.0 s: 1500 messages, 500 per second");
    }
}
