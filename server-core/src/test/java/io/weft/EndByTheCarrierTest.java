package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Who is ended by the carrier itself does not hold the loop, whoever holds what. */
@Timeout(180) // for machines with better things to do
class EndByTheCarrierTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    @AfterEach
    void closes() {
        group.close();
    }

    /** A link that takes its time to say whether it equals another. */
    private record Slow(CountDownLatch asked, CountDownLatch answers) implements Consumer<Object> {
        @Override
        public void accept(Object ended) {}

        @Override
        public boolean equals(Object other) {
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return this == other;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @Test
    void killBeforeTheFirstRunWaitsForNoLockOnTheCarrier() throws Exception {
        var slow = new Slow(new CountDownLatch(1), new CountDownLatch(1));
        var coroutine = new Coroutine<>(loop, "new", () -> "value");
        coroutine.link(slow);
        var holder = Thread.ofPlatform().start(() -> coroutine.unlink(_ -> {}));
        slow.asked.await();
        var joiner =
                loop.spawn(
                        () -> {
                            coroutine.join();
                            return coroutine.state();
                        });
        loop.call(() -> null); // it waits for the lock
        coroutine.kill();
        coroutine.kill();
        coroutine.start();
        assertThat(loop.call(() -> "the loop goes on")).isNotNull();
        slow.answers.countDown();
        holder.join();
        assertThat(joiner.get()).isEqualTo(Coroutine.State.KILLED);
        assertThat(coroutine.exception()).hasMessageContaining("before its first run");
    }
}
