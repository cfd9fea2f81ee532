package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletionException;

/** Caffeine, whose loaders wait. */
class CaffeineTest implements GateTrial {
    private final Gate gate = new Gate();

    /** So large that no two keys share a place, and with it a lock. */
    private final Cache<Integer, String> cache =
            Caffeine.newBuilder().initialCapacity(1000).maximumSize(1000).build();

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public String library() {
        return "Caffeine";
    }

    @Override
    public String afterwards() {
        return "the same cache";
    }

    @Override
    public String call(int number) {
        cache.invalidate(number);
        return cache.get(number, this::load);
    }

    private String load(int number) {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
        return "answer " + number;
    }

    /** It waits for a monitor, which the JDK does not interrupt. */
    @Test
    void whoWaitsForTheLoaderOfAnotherIsStruckOnceThatHasEnded() throws Exception {
        Weft.run(
                () -> {
                    shut();
                    var loader = Weft.spawn(() -> cache.get(1, this::load));
                    while (waiting() == 0) {
                        Weft.yieldNow();
                    }
                    var seen = new StringBuilder();
                    var waiter =
                            Weft.spawn(
                                    () -> {
                                        seen.append(cache.get(1, this::load));
                                        Weft.sleep(KEPT);
                                    });
                    while (waiter.thread().getState() != Thread.State.BLOCKED) {
                        Weft.yieldNow();
                    }
                    waiter.kill();
                    assertThat(waiter.join(KEPT)).isFalse();
                    open();
                    waiter.join();
                    assertThat(waiter.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(seen).hasToString("answer 1");
                    assertThat(loader.get()).isEqualTo("answer 1");
                });
    }
}
