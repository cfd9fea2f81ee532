package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;

@DisabledOnOs(OS.WINDOWS)
class SubprocessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** The course notes' program: the loop runs on while a child works. */
    @Test
    void cronGoesOnWhileAChildWorks() throws Exception {
        var printed = Collections.synchronizedList(new ArrayList<String>());
        Weft.run(
                () -> {
                    var cron =
                            Weft.spawn(
                                    () -> {
                                        for (int i = 0; i < 5; i++) {
                                            printed.add("cron");
                                            Weft.sleep(Duration.ofMillis(200));
                                        }
                                    });
                    printed.add(Subprocess.checkOutput("sh", "-c", "sleep 1.1; uname").strip());
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

    /** More than all pipes hold, both ways at once. */
    @Test
    void largeInputAndOutputDoNotBlockEachOther() throws Exception {
        String large = "0123456789abcdef".repeat(64 * 1024);
        Weft.run(
                () -> {
                    var cat =
                            Subprocess.command("cat").stdin(Stdio.PIPE).stdout(Stdio.PIPE).start();
                    assertThat(cat.communicate(large).output()).isEqualTo(large);
                });
    }

    @Test
    void inputThatTheChildDoesNotWantIsNoFailure() throws Exception {
        var completed =
                Subprocess.command("true")
                        .stdin(Stdio.PIPE)
                        .stdout(Stdio.PIPE)
                        .run("x".repeat(1 << 20));
        assertThat(completed.exitCode()).isZero();
    }

    /** The course notes' pipes to another process: two coroutines, one writes, one reads. */
    @Test
    void oneCoroutineWritesAndAnotherReads() throws Exception {
        var lines = new ArrayList<String>();
        Weft.run(
                () -> {
                    try (var cat =
                            Subprocess.command("cat")
                                    .stdin(Stdio.PIPE)
                                    .stdout(Stdio.PIPE)
                                    .start()) {
                        var writer =
                                Weft.spawn(
                                        () -> {
                                            for (int i = 0; i < 5; i++) {
                                                cat.stdin()
                                                        .write(
                                                                ("hi in " + i + "\n")
                                                                        .getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8));
                                                cat.stdin().flush();
                                                Weft.yieldNow();
                                            }
                                            cat.stdin().close();
                                        });
                        var reader =
                                new java.io.BufferedReader(
                                        new java.io.InputStreamReader(
                                                cat.stdout(), StandardCharsets.UTF_8));
                        for (String line; (line = reader.readLine()) != null; ) {
                            lines.add(line);
                        }
                        writer.get();
                        assertThat(cat.waitFor()).isZero();
                    }
                });
        assertThat(lines).containsExactly("hi in 0", "hi in 1", "hi in 2", "hi in 3", "hi in 4");
    }

    /** Everything that is written before the end is read, however fast the end comes. */
    @Test
    void nothingIsLostAtTheChildsEnd() throws Exception {
        Weft.run(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        try (var child =
                                Subprocess.command("sh", "-c", "seq 1 20000")
                                        .stdout(Stdio.PIPE)
                                        .start()) {
                            var all =
                                    new String(
                                            child.stdout().readAllBytes(), StandardCharsets.UTF_8);
                            assertThat(all).startsWith("1\n2\n").endsWith("\n20000\n");
                            assertThat(all.lines().count()).isEqualTo(20_000);
                        }
                    }
                });
    }

    @Test
    void communicateInTimeGivesNullAndGoesOnLater() throws Exception {
        Weft.run(
                () -> {
                    var child =
                            Subprocess.command("sh", "-c", "echo early; cat; echo late")
                                    .stdin(Stdio.PIPE)
                                    .stdout(Stdio.PIPE)
                                    .start();
                    // holds the child's input open, so that it waits
                    assertThat(child.waitFor(Duration.ofMillis(1))).isFalse();
                    child.stdin().write("middle\n".getBytes(StandardCharsets.UTF_8));
                    child.stdin().flush();
                    assertThat(child.communicate("", LONG).output())
                            .isEqualTo("early\nmiddle\nlate\n");
                });
    }

    @Test
    void timedOutCommunicateLosesNothing() throws Exception {
        try (var child =
                Subprocess.command("sh", "-c", "echo early; exec sleep 1000")
                        .stdout(Stdio.PIPE)
                        .start()) {
            assertThat(child.communicate("", Duration.ofMillis(20))).isNull();
            assertThat(child.poll()).isNull();
            child.terminate();
            var completed = child.communicate("");
            assertThat(completed.output()).isIn("early\n", "");
            assertThat(completed.exitCode()).isEqualTo(128 + 15);
        }
    }

    @Test
    void runInTimeKillsTheChild() {
        var builder = Subprocess.command("sleep", "1000");
        assertThatThrownBy(() -> builder.run("", Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.02S");
    }

    @Test
    void terminateAndKillEndIt() throws Exception {
        try (var child = Subprocess.command("sleep", "1000").start()) {
            assertThat(child.isAlive()).isTrue();
            child.terminate();
            assertThat(child.waitFor()).isEqualTo(128 + 15);
        }
        try (var child = Subprocess.command("sleep", "1000").start()) {
            child.kill();
            assertThat(child.waitFor(LONG)).isTrue();
            assertThat(child.poll()).isEqualTo(128 + 9);
        }
    }

    @Test
    void whatWasWrittenBeforeTerminateCanStillBeRead() throws Exception {
        try (var child =
                Subprocess.command("sh", "-c", "echo early; exec sleep 1000")
                        .stdout(Stdio.PIPE)
                        .start()) {
            var line = new byte[6];
            assertThat(child.stdout().readNBytes(line, 0, 5)).isEqualTo(5);
            child.terminate();
            child.waitFor();
            assertThat(child.stdout().readAllBytes()).asString().isEqualTo("\n");
        }
    }

    @Test
    void killedWaiterLeavesTheChildToOthers() throws Exception {
        Weft.run(
                () -> {
                    try (var child = Subprocess.command("cat").stdin(Stdio.PIPE).start()) {
                        var killed = Weft.spawn(() -> child.waitFor());
                        var waiter = Weft.spawn(() -> child.waitFor());
                        Weft.yieldNow();
                        killed.kill();
                        killed.join();
                        assertThat(killed.state()).isEqualTo(io.weft.Coroutine.State.KILLED);
                        child.stdin().close();
                        assertThat(waiter.get()).isZero();
                    }
                });
    }

    @Test
    void readerThatGivesUpLosesNothing() throws Exception {
        Weft.run(
                () -> {
                    try (var cat =
                            Subprocess.command("cat")
                                    .stdin(Stdio.PIPE)
                                    .stdout(Stdio.PIPE)
                                    .start()) {
                        try (var timeout = Timeout.start(Duration.ofMillis(20))) {
                            assertThatThrownBy(() -> cat.stdout().read())
                                    .isInstanceOf(InterruptedIOException.class);
                            assertThat(timeout.isExpired()).isTrue();
                        }
                        cat.stdin().write("kept".getBytes(StandardCharsets.UTF_8));
                        cat.stdin().close();
                        assertThat(cat.stdout().readAllBytes()).asString().isEqualTo("kept");
                    }
                });
    }

    @Test
    void killedWriterIsInterrupted() throws Exception {
        Weft.run(
                () -> {
                    try (var child =
                            Subprocess.command("sleep", "1000").stdin(Stdio.PIPE).start()) {
                        var writer =
                                Weft.spawn(
                                        () -> {
                                            child.stdin().write(new byte[1 << 20]);
                                            return "written";
                                        });
                        Weft.sleep(Duration.ofMillis(20));
                        writer.kill();
                        writer.join();
                        assertThat(writer.state()).isEqualTo(io.weft.Coroutine.State.KILLED);
                        child.kill();
                    }
                });
    }

    @Test
    void closeWaitsForTheEnd() throws Exception {
        Weft.run(
                () -> {
                    var cat = Subprocess.command("cat").stdin(Stdio.PIPE).start();
                    cat.close();
                    assertThat(cat.poll()).isZero();
                });
    }

    @Test
    void closeThatIsKilledKillsTheChild() throws Exception {
        Weft.run(
                () -> {
                    var child = Subprocess.command("sleep", "1000").start();
                    var closer = Weft.spawn(child::close);
                    Weft.yieldNow();
                    closer.kill();
                    assertThat(child.waitFor()).isEqualTo(128 + 9);
                    closer.join();
                });
    }

    @Test
    void otherThreadsCanWaitToo() throws Exception {
        try (var child = Subprocess.command("cat").stdin(Stdio.PIPE).start()) {
            var code = new int[] {-1};
            Thread waiter =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            code[0] = child.waitFor();
                                        } catch (InterruptedException e) {
                                            code[0] = -2;
                                        }
                                    });
            Threads.awaitParked(waiter);
            child.stdin().close();
            waiter.join();
            assertThat(code[0]).isZero();
        }
    }
}
