package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Timers for authors of channel handlers: on the hub, by the clock of the loop. */
class TimerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(1);
    private final Loop loop = group.next();
    private final CompletableFuture<Boolean> firedOnHub = new CompletableFuture<>();
    private final Timer timer =
            new Timer(loop) {
                @Override
                protected void fire() {
                    firedOnHub.complete(loop.eventLoop().inEventLoop());
                }
            };

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void firesOnTheHub() throws Exception {
        schedule(SECOND);
        assertThat(timer.loop()).isSameAs(loop);
        clock.advance(SECOND);
        assertThat(firedOnHub.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void movedToALaterTimeItWaits() throws Exception {
        schedule(SECOND);
        schedule(SECOND.multipliedBy(2));
        clock.advance(SECOND);
        loop.eventLoop().submit(() -> {}).get();
        assertThat(firedOnHub).isNotDone();
        clock.advance(SECOND);
        assertThat(firedOnHub.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelledItNeverFires() throws Exception {
        schedule(SECOND);
        loop.call(
                () -> {
                    timer.cancel();
                    return null;
                });
        clock.advance(SECOND);
        loop.eventLoop().submit(() -> {}).get();
        assertThat(firedOnHub).isNotDone();
    }

    @Test
    void isLeftWaitingByNoLoopThatHasEnded() throws Exception {
        schedule(SECOND);
        group.close();
        assertThat(firedOnHub).isDone();
    }

    @Test
    void ofTheSystemClockWakesALoopThatSleeps() throws Exception {
        try (var others = LoopGroup.create(1)) {
            Loop other = others.next();
            var fired = new CompletableFuture<Void>();
            var soon =
                    new Timer(other) {
                        @Override
                        protected void fire() {
                            fired.complete(null);
                        }
                    };
            for (int millis : new int[] {0, 1, 20}) {
                other.call(
                        () -> {
                            soon.schedule(other.nanoTime() + millis * 1_000_000L);
                            return null;
                        });
                fired.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private void schedule(Duration duration) throws Exception {
        loop.call(
                () -> {
                    timer.schedule(loop.nanoTime() + duration.toNanos());
                    return null;
                });
    }
}
