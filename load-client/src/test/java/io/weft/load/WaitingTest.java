package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

class WaitingTest {
    private final Waiting waiting = new Waiting();
    private final AtomicInteger aborts = new AtomicInteger();

    @Test
    void isOverdueAtItsLimit() {
        assertThat(waiting.isOverdue(1_000_000, 0)).as("nobody waits").isFalse();

        waiting.begin(100);

        assertThat(waiting.isOverdue(109, 10)).isFalse();
        assertThat(waiting.isOverdue(110, 10)).isTrue();
        assertThat(waiting.nanos(110)).isEqualTo(10);
    }

    @Test
    void theOldestMessageIsTheOneThatIsWaitedFor() {
        waiting.begin(100);
        waiting.begin(200);

        assertThat(waiting.nanos(210)).isEqualTo(110);
    }

    @Test
    void oneThatExpiresEndsTheConnectionOnce() {
        waiting.begin(100);
        waiting.expire(105, 10, aborts::incrementAndGet);
        assertThat(aborts).hasValue(0);

        waiting.expire(110, 10, aborts::incrementAndGet);
        waiting.expire(111, 10, aborts::incrementAndGet);

        assertThat(aborts).hasValue(1);
        assertThat(waiting.end()).isFalse();
        assertThat(waiting.end()).as("of a wait that has not begun").isTrue();
    }

    @Test
    void oneThatEndedInTimeDoesNotExpire() {
        waiting.begin(100);

        assertThat(waiting.end()).isTrue();

        waiting.expire(1_000_000, 10, aborts::incrementAndGet);
        assertThat(aborts).hasValue(0);
    }

    @Test
    void theWorkerDoesNotGoOnWhileItsConnectionIsEnded() throws InterruptedException {
        waiting.begin(100);
        var worker = new AtomicInteger();
        var thread =
                Thread.ofPlatform()
                        .unstarted(() -> worker.set(waiting.end() ? -1 : 1 + aborts.get()));

        waiting.expire(
                110,
                10,
                () -> {
                    thread.start();
                    while (waiting.isOverdue(Long.MAX_VALUE, 0)) {
                        Thread.onSpinWait();
                    }
                    aborts.incrementAndGet();
                });
        thread.join();

        assertThat(worker).as("it has seen the end of the connection").hasValue(2);
    }
}
