package io.weft.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

class SignalsTest {
    /** WINCH, because nobody misses it in a test's JVM. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void everySignalRunsTheAction() throws Exception {
        var runs = new Semaphore(0);
        assertThat(Signals.on("WINCH", runs::release)).isTrue();

        for (int i = 0; i < 2; i++) {
            raise("WINCH");
            assertThat(runs.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void unknownSignalIsRefused() {
        assertThat(Signals.on("NONE", () -> {})).isFalse();
    }

    private static void raise(String name) throws Exception {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance(name));
    }
}
