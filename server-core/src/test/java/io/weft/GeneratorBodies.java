package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Bodies of generators, and what they have said. Used by one test. */
final class GeneratorBodies {
    final List<String> events = new ArrayList<>();

    /** Yields 0 and up. */
    Generator<Void, Integer> numbers(int count) {
        return new Generator<>(
                outside -> {
                    events.add("begins");
                    try {
                        for (int i = 0; i < count; i++) {
                            outside.yield(i);
                        }
                    } finally {
                        events.add("ends");
                    }
                });
    }

    /** Never yields: it blocks until it is interrupted. */
    Generator<Void, Integer> blocked() {
        return new Generator<>(
                outside -> {
                    try {
                        Block.SLEEP.run();
                    } finally {
                        events.add("finally");
                    }
                });
    }

    /** Lets {@code coroutine} run until it blocks. */
    static void comeToRest(Coroutine<?> coroutine) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            Weft.yieldNow();
        }
        assertThat(coroutine.thread().getState()).isEqualTo(Thread.State.WAITING);
    }
}
