package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One value per loop, which ends with it. */
class LoopLocalTest {
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @Test
    void isMadeOnceForEachLoop() throws Exception {
        var local = new LoopLocal<>(loop -> new StringBuilder(loop.name()));
        try (var group = LoopGroup.create(2)) {
            for (var loop : group.loops()) {
                var first = loop.<StringBuilder>call(() -> local.get(loop));
                var second = loop.<StringBuilder>call(() -> local.get(loop));
                assertThat(first).hasToString(loop.name()).isSameAs(second);
            }
        }
    }

    @Test
    void isClosedWhenTheLastCoroutineOfItsLoopHasEnded() throws Exception {
        var local = new LoopLocal<AutoCloseable>(loop -> () -> closed.add(loop.name()));
        try (var group = LoopGroup.create(2)) {
            Loop used = group.loops().get(1);
            var user =
                    used.spawn(
                            () -> {
                                local.get(used);
                                try {
                                    return Block.SLEEP.call();
                                } finally {
                                    Weft.yieldNow();
                                    closed.add("user");
                                }
                            });
            Threads.awaitParked(user);
            end(group);
            assertThat(closed).containsExactly("user", used.name());
        }
    }

    @Test
    void thatDoesNotCloseKeepsNoOtherFromClosing() throws Exception {
        try (var log = LogRecorder.of(Loop.class);
                var group = LoopGroup.create(1)) {
            Loop loop = group.next();
            for (int i = 0; i < 8; i++) {
                var broken =
                        new LoopLocal<AutoCloseable>(
                                l ->
                                        () -> {
                                            throw new IOException("broken");
                                        });
                var healthy = new LoopLocal<AutoCloseable>(l -> () -> closed.add("healthy"));
                loop.call(() -> broken.get(loop));
                loop.call(() -> healthy.get(loop));
            }
            end(group);
            assertThat(closed).hasSize(8);
            assertThat(log.awaitMessages(8))
                    .hasSize(8)
                    .allMatch(m -> m.startsWith(loop.name()) && m.endsWith("did not close"));
        }
    }

    private static void end(LoopGroup group) throws InterruptedException {
        group.shutDown(Duration.ofSeconds(10));
        assertThat(group.awaitEnd(Duration.ofSeconds(30))).isTrue();
    }
}
