package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.load.Figures.Latency;
import io.weft.load.Progress.View;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Latency LATENCY =
            new Latency(1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000);

    private final StringWriter terminal = new StringWriter();

    @Test
    void onATerminalItIsWrittenOverItself() {
        var progress = Progress.live(new PrintWriter(terminal), () -> 100);
        progress.connecting(3, 10, 0);
        progress.connecting(4, 10, 1);
        progress.clear();

        assertThat(terminal)
                .hasToString(
                        """
                        connecting: 3 of 10\033[K
                        \033[1Fconnecting: 4 of 10, 1 failed\033[K
                        \033[1F\r\033[J\
                        """);
    }

    @Test
    void onATerminalItSaysRateLatenciesAndErrors() {
        var progress = Progress.live(new PrintWriter(terminal), () -> 100);
        progress.running(view(2 * SECOND, 4 * SECOND, 1000), () -> LATENCY);
        progress.running(view(3 * SECOND, 4 * SECOND, 1250), () -> LATENCY);

        assertThat(last(5))
                .containsExactly(
                        "time         3.0 s of 4.0 s  " + "█".repeat(30) + "░".repeat(10),
                        "rate now     250 per second  █▅",
                        "latency all  p50 1.000, p90 2.000, p99 3.000, max 5.000 ms",
                        "connections  7 made, 2 failed; 1 mismatches");
    }

    @Test
    void noLineIsAsLongAsTheTerminalIsWide() {
        for (int columns : new int[] {2, 10, 20, 40, 60, 79}) {
            var written = new StringWriter();
            var progress = Progress.live(new PrintWriter(written), () -> columns);
            progress.connecting(1_000_000, 1_000_000, 999_999);
            for (int second = 1; second <= 50; second++) {
                progress.running(view(second * SECOND, 60 * SECOND, second * 1000L), () -> LATENCY);
            }
            progress.clear();

            assertThat(written.toString().split("\033\\[\\d+F|\033\\[K\n|\r\033\\[J"))
                    .allMatch(line -> line.length() < columns, "short");
        }
    }

    @Test
    void aTerminalThatIsMadeNarrowerIsNoticed() {
        var columns = new AtomicInteger(100);
        var progress = Progress.live(new PrintWriter(terminal), columns::get);
        progress.running(view(2 * SECOND, 4 * SECOND, 1000), () -> LATENCY);
        columns.set(31);
        progress.running(view(3 * SECOND, 4 * SECOND, 1250), () -> LATENCY);

        assertThat(last(5))
                .contains("rate now     250 per second  █", "latency all  p50 1.000, p90 2.");
    }

    @Test
    void aStallIsSaidWhileItLasts() {
        var progress = Progress.live(new PrintWriter(terminal), () -> 100);
        progress.running(
                new View(SECOND, 0, false, 5, 1, 0, 0, 3 * SECOND + SECOND / 5), () -> LATENCY);

        assertThat(last(5))
                .contains("connections  1 made, 0 failed; 0 mismatches, no reply for 3.2 s");
    }

    @Test
    void theRateIsThatOfTheLastWholeSecond() {
        var progress = Progress.live(new PrintWriter(terminal), () -> 100);
        progress.running(view(SECOND, 0, 1000), () -> LATENCY);
        progress.running(view(SECOND + SECOND / 2, 0, 1200), () -> LATENCY);
        assertThat(last(5)).contains("rate now     1000 per second  █");

        progress.running(view(2 * SECOND, 0, 1500), () -> LATENCY);
        assertThat(last(5)).contains("rate now     500 per second  █▅");
    }

    @Test
    void elsewhereItIsAPlainLineNowAndThen() {
        var progress = Progress.plain(new PrintWriter(terminal));
        progress.connecting(3, 10, 0);
        for (int tenths = 1; tenths <= 40; tenths++) {
            progress.running(view(tenths * SECOND / 10, 20 * SECOND, tenths * 100L), () -> LATENCY);
        }
        progress.clear();

        assertThat(terminal.toString().lines())
                .containsExactly(
                        "1.0 s: 1000 messages, 1000 per second now, all so far p50 1.000, p90"
                                + " 2.000, p99 3.000, max 5.000 ms, 2 failed, 1 mismatches",
                        "2.0 s: 2000 messages, 1000 per second now, all so far p50 1.000, p90"
                                + " 2.000, p99 3.000, max 5.000 ms, 2 failed, 1 mismatches",
                        "4.0 s: 4000 messages, 1000 per second now, all so far p50 1.000, p90"
                                + " 2.000, p99 3.000, max 5.000 ms, 2 failed, 1 mismatches");
    }

    @Test
    void ofARunWithoutAPlannedEndALineComesEveryTenSeconds() {
        var progress = Progress.plain(new PrintWriter(terminal));
        for (int second = 1; second <= 25; second++) {
            progress.running(view(second * SECOND, 0, second), () -> LATENCY);
        }

        assertThat(terminal.toString().lines().map(line -> line.replaceAll(":.*", "")))
                .containsExactly("1.0 s", "10.0 s", "20.0 s");
    }

    @Test
    void aWarmUpIsSaid() {
        var progress = Progress.plain(new PrintWriter(terminal));
        progress.running(
                new View(SECOND, 0, true, 5, 1, 0, 0, 0), () -> new Latency(0, 0, 0, 0, 0));

        assertThat(terminal.toString().lines())
                .containsExactly("1.0 s (warming up): 5 messages, 5 per second now");
    }

    private List<String> last(int count) {
        List<String> pieces = List.of(terminal.toString().split("\033\\[\\d+F|\033\\[K\n", -1));
        return pieces.subList(pieces.size() - count, pieces.size() - 1);
    }

    private static View view(long nanos, long planned, long replies) {
        return new View(nanos, planned, false, replies, 7, 2, 1, 0);
    }
}
