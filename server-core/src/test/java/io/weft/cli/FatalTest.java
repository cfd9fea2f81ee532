package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What ends a command, and what does not. */
class FatalTest {
    private final List<Integer> ends = new ArrayList<>();
    private final Fatal fatal = new Fatal("a command", ends::add);

    @Test
    void noMemoryIsTheEnd() {
        fatal.uncaughtException(new Thread("any"), new OutOfMemoryError("of a test"));
        assertThat(ends).containsExactly(1);
    }

    @Test
    void soIsTheFailureOfAThreadOfWeft() {
        try (var log = LogRecorder.of(Fatal.class)) {
            fatal.uncaughtException(new Thread("weft-1-loop-0"), new IllegalStateException("why"));
            assertThat(ends).containsExactly(1);
            assertThat(log.messages())
                    .containsExactly(
                            "thread weft-1-loop-0 failed with java.lang.IllegalStateException:"
                                    + " why");
        }
    }

    @Test
    void threadOfAnApplicationMayFail() {
        try (var log = LogRecorder.of(Fatal.class)) {
            fatal.uncaughtException(new Thread("any"), new IllegalStateException("why"));
            assertThat(ends).isEmpty();
            assertThat(log.messages()).hasSize(1);
        }
    }
}
