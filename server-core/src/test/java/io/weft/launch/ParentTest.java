package io.weft.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A launcher that is killed takes the command that it has started with it. */
@DisabledOnOs(OS.WINDOWS)
class ParentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void childEndsWithAKilledLauncher() throws Exception {
        Path said = folder.resolve("said"); // a pipe is closed here when the launcher has ended
        Process launcher =
                new ProcessBuilder(ChildJvm.command(Outer.class))
                        .redirectOutput(said.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        ProcessHandle child = null;
        try {
            await().atMost(PATIENCE).until(() -> Files.readAllLines(said).size() == 1);
            child =
                    ProcessHandle.of(Long.parseLong(Files.readAllLines(said).getFirst()))
                            .orElseThrow();
            assertThat(child.parent().map(ProcessHandle::pid)).contains(launcher.pid());

            launcher.destroyForcibly();

            await().atMost(PATIENCE).until(() -> Files.readAllLines(said).contains("TERM"));
            child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            launcher.destroyForcibly();
            if (child != null) {
                child.destroyForcibly();
            }
        }
    }

    @Test
    void childOfALauncherThatHasGoneEndsAtOnce() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        var command = new ArrayList<>(ChildJvm.command(Inner.class));
        command.add(Long.toString(gone.pid()));
        Process child = new ProcessBuilder(command).start();
        try {
            assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("TERM\n");
            assertThat(child.waitFor()).isEqualTo(3);
        } finally {
            child.destroyForcibly();
        }
    }

    static final class Outer {
        public static void main(String[] arguments) throws Exception {
            List<String> command = new ArrayList<>(ChildJvm.command(Inner.class));
            command.add(Parent.ownPid());
            System.exit(Relaunch.run(command));
        }
    }

    static final class Inner {
        public static void main(String[] arguments) throws Exception {
            var asked = new CountDownLatch(1);
            Signals.on("TERM", asked::countDown);
            System.out.println(ProcessHandle.current().pid());
            Parent.endWith(arguments[0]);
            asked.await();
            System.out.println("TERM");
            System.exit(3);
        }
    }
}
