package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;

/** Want of memory for a moment does not end a loop. */
class FullHeapTest {
    @Test
    @Timeout(180)
    void loopOutlivesAWaitForWhichThereIsNoMemory() throws Exception {
        var command = new ArrayList<>(ChildJvm.command(FullHeap.class));
        command.add(1, "-Xmx32m");
        var child =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = child.inputReader()) {
            assertThat(out.lines().filter(line -> line.startsWith("the others")).findFirst())
                    .get()
                    .asString()
                    // its own call may be what found no memory
                    .isIn("the others go on, SUCCEEDED", "the others go on, FAILED");
        } finally {
            child.destroyForcibly();
        }
    }
}
