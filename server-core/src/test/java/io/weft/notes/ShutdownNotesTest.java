package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.Weft;
import io.weft.process.SignalHandler;
import io.weft.process.Stdio;
import io.weft.process.Subprocess;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The section on shutting down: a program that sleeps 1000 s and goes when it is told to. */
@DisabledOnOs(OS.WINDOWS)
class ShutdownNotesTest {
    /** Not QUIT, as in the notes: a JVM keeps that for its dump of all threads. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSleeperOfAThousandSecondsEndsAtASignal(String signal) throws Exception {
        assumeThat(ChildJvm.ignores(signal))
                .as("SIG%s was ignored when this JVM began, and so it is in its children", signal)
                .isFalse();
        try (var child =
                Subprocess.command(ChildJvm.command(Sleeper.class)).stdout(Stdio.PIPE).start()) {
            var output =
                    new BufferedReader(
                            new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
            try {
                assertThat(output.readLine()).isEqualTo("sleeps");
                Subprocess.run("kill", "-" + signal, Long.toString(child.pid())).check();
                assertThat(output.readLine()).isEqualTo("killed");
                assertThat(child.waitFor()).isZero(); // and so nothing of it is left
                assertThat(child.isAlive()).isFalse();
            } finally {
                child.kill(); // the end of the block waits for it
            }
        }
    }

    static final class Sleeper {
        public static void main(String[] arguments) throws Exception {
            Weft.run(
                    () -> {
                        var sleeper = spawn(() -> sleep(Duration.ofSeconds(1000)));
                        try (var _ = SignalHandler.on("TERM", sleeper::kill);
                                var _ = SignalHandler.on("INT", sleeper::kill)) {
                            System.out.println("sleeps");
                            sleeper.join();
                        }
                        System.out.println(sleeper.isSuccessful() ? "woke up" : "killed");
                    });
        }
    }
}
