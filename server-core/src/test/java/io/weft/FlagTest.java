package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.net.Connection;
import io.weft.process.Stdio;
import io.weft.process.Subprocess;
import io.weft.server.StreamServer;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;

/** A program that was started without the flag that Weft needs is told which it is. */
class FlagTest {
    @ParameterizedTest
    @ValueSource(strings = {"run", "spawn", "group", "bind", "connect", "sleep", "twice"})
    void missingFlagIsNamedAndWhereToPutIt(String call) throws Exception {
        var command = new ArrayList<>(ChildJvm.command(Program.class));
        command.removeIf(word -> word.startsWith("--add-opens"));
        command.add(call);

        var ended = Subprocess.command(command).stdout(Stdio.PIPE).stderr(Stdio.PIPE).run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).isEmpty();
        assertThat(ended.error())
                .startsWith(
                        "Exception in thread \"main\" java.lang.IllegalStateException: Weft"
                                + " schedules virtual threads itself and needs the JVM option"
                                + " --add-opens java.base/java.lang=ALL-UNNAMED")
                .contains("Add-Opens: java.base/java.lang")
                .doesNotContain("Caused by", "ExceptionInInitializerError");
    }

    static final class Program {
        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "run" -> Weft.run(() -> System.out.println("ran"));
                case "spawn" -> Weft.spawn(() -> System.out.println("ran"));
                case "group" -> LoopGroup.create(1);
                case "bind" -> StreamServer.bind("127.0.0.1:0", connection -> {});
                case "connect" -> Connection.connect("127.0.0.1:1", Duration.ofSeconds(1));
                case "sleep" -> Weft.sleep(Duration.ofMillis(1));
                default -> {
                    try {
                        Weft.run(() -> System.out.println("ran"));
                    } catch (IllegalStateException e) {
                        Weft.run(() -> System.out.println("ran"));
                    }
                }
            }
        }
    }
}
