package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;

/**
 * One loop carries a million parked coroutines, and wakes them all. In a JVM with the optimising
 * compiler, as production has it: what its frames take of a stack is half of what others take.
 */
@Timeout(180) // for machines with better things to do; it takes a few seconds
class MillionTest {
    @Test
    void aMillionWait(TestReporter reporter) throws Exception {
        var command = new ArrayList<>(ChildJvm.command(MillionParked.class));
        command.removeIf(flag -> flag.startsWith("-XX:TieredStopAtLevel"));
        var child =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = child.inputReader()) {
            String bytes = out.readLine();
            assertThat(bytes).containsOnlyDigits();
            reporter.publishEntry("bytes per parked coroutine", bytes);
            assertThat(Long.parseLong(bytes)).isLessThan(2_000);
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
