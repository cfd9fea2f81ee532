package io.weft.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.Weft;

import java.util.concurrent.Callable;

/**
 * Shows that a call parks its coroutine instead of holding the loop: another coroutine of the same
 * loop is the one that ends the call. Were the loop held, the test would hang.
 */
final class Meanwhile {
    private Meanwhile() {}

    /** What lets the call return; run on the same loop once the call blocks. */
    @FunctionalInterface
    interface Release {
        void run() throws Exception;
    }

    /** The value of {@code call}, which returns only because {@code release} has run meanwhile. */
    static <T> T ends(Callable<T> call, Release release) throws Exception {
        return Weft.run(
                () -> {
                    Loop loop = Loop.current();
                    var order = new StringBuilder();
                    var caller =
                            Weft.spawn(
                                    () -> {
                                        order.append("calls ");
                                        T value = call.call();
                                        order.append("returns");
                                        return value;
                                    });
                    Weft.yieldNow();
                    awaitBlocked(caller);
                    assertThat(order).hasToString("calls ");
                    order.append("released ");
                    release.run();
                    T value = caller.get();
                    assertThat(order).hasToString("calls released returns");
                    assertThat(Loop.current()).isSameAs(loop);
                    return value;
                });
    }

    /** Returns, on the loop of {@code coroutine}, when that has come to rest in its call. */
    static void awaitBlocked(Coroutine<?> coroutine) throws InterruptedException {
        while (coroutine.thread().getState() == Thread.State.RUNNABLE) {
            Weft.yieldNow();
        }
    }
}
