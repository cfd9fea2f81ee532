package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Several loops side by side. */
class LoopGroupTest {
    private final LoopGroup group = LoopGroup.create(3);

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void takesItsLoopsInTurn() throws Exception {
        for (int i = 0; i < 7; i++) {
            assertThat(group.spawn(Loop::current).get()).isSameAs(group.loops().get(i % 3));
        }
    }

    @Test
    void knowsItsLoopsByTheirIndex() {
        assertThat(group.loops()).extracting(Loop::index).containsExactly(0, 1, 2);
        assertThat(group.loops()).extracting(Loop::group).containsOnly(group);
        assertThat(group.loops()).extracting(Loop::name).doesNotHaveDuplicates();
    }

    @Test
    void coroutineStaysOnItsLoop() throws Exception {
        var second = group.loops().get(1);
        var seen =
                second.spawn(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                Weft.yieldNow();
                                Weft.sleep(Duration.ofNanos(1));
                                assertThat(second.isCurrent()).isTrue();
                            }
                            Thread.sleep(1);
                            return Loop.current();
                        });
        assertThat(seen.get()).isSameAs(second);
    }

    @Test
    void sharedOneHasALoopPerProcessor() {
        assertThat(LoopGroup.shared().loops()).hasSize(Runtime.getRuntime().availableProcessors());
        assertThat(LoopGroup.shared()).isSameAs(LoopGroup.shared());
    }
}
