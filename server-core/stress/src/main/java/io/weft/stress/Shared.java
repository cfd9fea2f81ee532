package io.weft.stress;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;

import java.time.Duration;
import java.util.concurrent.Callable;

/** The loop of all races in a process. */
final class Shared {
    static final Loop LOOP = LoopGroup.create(1).next();

    static final Duration FOR_EVER = Duration.ofDays(1);

    private Shared() {}

    /** The harness knows of no checked exceptions. */
    static <T> T value(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static void join(Coroutine<?> coroutine) {
        boolean ended = value(() -> coroutine.join(Duration.ofSeconds(30)));
        if (!ended) {
            throw new AssertionError(coroutine + " does not end");
        }
    }
}
