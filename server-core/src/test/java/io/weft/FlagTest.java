package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.process.Stdio;
import io.weft.process.Subprocess;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;

/** A program that was started without the flag that Weft needs is told which it is. */
class FlagTest {
    @Test
    void missingFlagIsNamedAndWhereToPutIt() throws Exception {
        var command = new ArrayList<>(ChildJvm.command(Program.class));
        command.removeIf(word -> word.startsWith("--add-opens"));

        var ended = Subprocess.command(command).stdout(Stdio.PIPE).stderr(Stdio.PIPE).run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).isEmpty();
        assertThat(ended.error().lines())
                .filteredOn(line -> line.contains("--add-opens java.base/java.lang=ALL-UNNAMED"))
                .singleElement()
                .asString()
                .contains("Weft", "Add-Opens: java.base/java.lang");
    }

    static final class Program {
        public static void main(String[] arguments) throws Exception {
            Weft.run(() -> System.out.println("ran"));
        }
    }
}
