package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Weft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a child is given to start with, and what it tells in the end. */
@DisabledOnOs(OS.WINDOWS)
class SubprocessTest {
    /** The course notes' program: the loop runs on while a child works. */
    @Test
    void cronGoesOnWhileAChildWorks(@TempDir Path folder) throws Exception {
        var printed = Collections.synchronizedList(new ArrayList<String>());
        Path enough = folder.resolve("enough");
        Weft.run(
                () -> {
                    var cron =
                            Weft.spawn(
                                    () -> {
                                        for (int i = 0; i < 5; i++) {
                                            printed.add("cron");
                                            Weft.sleep(Duration.ofMillis(20));
                                        }
                                        Files.createFile(enough);
                                    });
                    // its end needs all of cron: who waits for it must not be in cron's way
                    String child = "until [ -e " + enough + " ]; do sleep 0.02; done; uname";
                    printed.add(Subprocess.checkOutput("sh", "-c", child).strip());
                    cron.join();
                });
        assertThat(printed).containsExactly("cron", "cron", "cron", "cron", "cron", uname());
    }

    private static String uname() {
        return System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    }

    @Test
    void outputErrorsAndExitCodeAreTold() throws Exception {
        Weft.run(
                () -> {
                    var completed = Subprocess.run("sh", "-c", "echo out; echo err >&2; exit 3");
                    assertThat(completed.output()).isEqualTo("out\n");
                    assertThat(completed.error()).isEqualTo("err\n");
                    assertThat(completed.exitCode()).isEqualTo(3);
                    assertThatThrownBy(completed::check)
                            .isInstanceOf(FailedCommandException.class)
                            .hasMessageContaining("exit code 3")
                            .hasMessageContaining("err");
                });
    }

    @Test
    void aPlainThreadMayUseItToo() throws Exception {
        assertThat(Subprocess.checkOutput("printf", "%s", "täg")).isEqualTo("täg");
    }

    @Test
    void checkOutputThrowsAtAnotherExitCode() {
        assertThatThrownBy(() -> Subprocess.checkOutput("false"))
                .isInstanceOfSatisfying(
                        FailedCommandException.class, e -> assertThat(e.exitCode()).isEqualTo(1));
    }

    @Test
    void unknownProgramIsRefused() {
        assertThatThrownBy(() -> Subprocess.run("/no/such/program"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void commandWithoutProgramIsRefused() {
        assertThatThrownBy(() -> Subprocess.command(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void outputCannotBeMerged() {
        assertThatThrownBy(() -> Subprocess.command("true").stdout(Stdio.MERGE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("standard error only");
    }

    @Test
    void errorsCanBeMergedIntoTheOutput() throws Exception {
        var merged =
                Subprocess.command("sh", "-c", "echo one; echo two >&2; echo three")
                        .stdout(Stdio.PIPE)
                        .stderr(Stdio.MERGE)
                        .run();
        assertThat(merged.output()).isEqualTo("one\ntwo\nthree\n");
        assertThat(merged.error()).isEmpty();
    }

    @Test
    void environmentAndDirectoryAreTheChilds(@TempDir Path folder) throws Exception {
        var output =
                Subprocess.command("/bin/sh", "-c", "pwd -P; echo $WEFT; echo ${HOME:-none}")
                        .clearEnvironment()
                        .environment("WEFT", "thread")
                        .directory(folder)
                        .checkOutput();
        assertThat(output.lines())
                .containsExactly(folder.toRealPath().toString(), "thread", "none");
    }

    @Test
    void filesCanBeItsStreams(@TempDir Path folder) throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "b\na\n");
        Path out = folder.resolve("out");
        Path errors = folder.resolve("errors");
        var completed =
                Subprocess.command("sh", "-c", "sort; echo bad >&2")
                        .stdin(in)
                        .stdout(out)
                        .stderr(errors)
                        .run();
        assertThat(completed.exitCode()).isZero();
        assertThat(out).hasContent("a\nb");
        assertThat(errors).hasContent("bad");
    }

    @Test
    void nothingIsReadFromNull() throws Exception {
        assertThat(
                        Subprocess.command("cat")
                                .stdin(Stdio.NULL)
                                .stdout(Stdio.PIPE)
                                .stderr(Stdio.NULL)
                                .run()
                                .output())
                .isEmpty();
    }
}
