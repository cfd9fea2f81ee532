package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine.State;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Both are delivered as an interrupt, yet neither is taken for the other, nor lost with it. */
class TimeoutAndKillTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(1);
    private final Loop loop = group.next();

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @EnumSource
    void killIsNotTakenForATimeoutThatIsStillRunning(Block block) throws Exception {
        var coroutine = loop.spawn(() -> Timeout.callOr(LIMIT, null, block::call));
        loop.call(() -> null);
        coroutine.kill();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
    }

    @ParameterizedTest
    @EnumSource
    void killSurvivesATimeoutOfTheSameMoment(Block block) throws Exception {
        var coroutine =
                loop.spawn(
                        () -> {
                            Timeout.callOr(LIMIT, null, block::call);
                            return Block.SLEEP.call();
                        });
        loop.call(() -> null);
        expireAndKill(coroutine);
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
    }

    /** A JDK call does not tell that it has delivered the kill. */
    @Test
    void timeoutAfterAKillThatTheJdkDeliveredIsATimeout() throws Exception {
        var killed = new CountDownLatch(1);
        var coroutine =
                loop.spawn(
                        () -> {
                            try (var _ = Timeout.start(LIMIT)) {
                                try {
                                    Block.THREAD_SLEEP.call();
                                } catch (InterruptedException e) {
                                    killed.countDown();
                                }
                                return Block.SLEEP.call();
                            } catch (Timeout.Expired e) {
                                return null;
                            }
                        });
        Threads.awaitParked(coroutine);
        coroutine.kill();
        killed.await();
        Threads.awaitParked(coroutine);
        clock.advance(LIMIT);
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void killWhileATimeoutIsOnItsWayIsDelivered() throws Exception {
        var expired = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var coroutine =
                loop.spawn(
                        () -> {
                            try (var _ = Timeout.start(LIMIT)) {
                                Block.SLEEP.call();
                            } catch (Timeout.Expired e) {
                                expired.countDown();
                                go.await();
                            }
                            return Block.SLEEP.call();
                        });
        Threads.awaitParked(coroutine);
        clock.advance(LIMIT);
        expired.await();
        coroutine.kill();
        coroutine.join();
        assertThat(coroutine.state()).isEqualTo(State.KILLED);
    }

    /** Both within one turn of the hub, so that the coroutine finds both when it runs. */
    private void expireAndKill(Coroutine<?> coroutine) {
        loop.eventLoop()
                .execute(
                        () -> {
                            clock.advance(LIMIT);
                            coroutine.kill();
                            loop.timers().fire();
                        });
    }
}
