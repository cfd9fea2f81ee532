package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class BackoffTest {
    private static final long MILLI = 1_000_000L;

    private final Backoff backoff = new Backoff();

    @Test
    void isTwiceAsLongEachTimeUpToASecond() {
        var pauses = new ArrayList<Long>();
        for (int i = 0; i < 10; i++) {
            backoff.failed(0);
            pauses.add(backoff.nanos(0) / MILLI);
        }

        assertThat(pauses)
                .isEqualTo(List.of(0L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L));
    }

    @Test
    void whatHasPassedIsNotWaitedForAgain() {
        backoff.failed(0);
        backoff.failed(0);

        assertThat(backoff.nanos(4 * MILLI)).isEqualTo(6 * MILLI);
        assertThat(backoff.nanos(11 * MILLI)).isZero();
    }

    @Test
    void beginsAnewAfterAReply() {
        backoff.failed(0);
        backoff.failed(0);
        backoff.failed(0);
        backoff.answered();
        assertThat(backoff.nanos(0)).isZero();

        backoff.failed(0);

        assertThat(backoff.nanos(0)).isZero();
    }
}
