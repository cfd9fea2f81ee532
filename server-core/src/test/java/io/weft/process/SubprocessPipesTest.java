package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Timeout;
import io.weft.Weft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;

/** Talking with a child while it runs: nothing is lost and nobody blocks the other. */
@DisabledOnOs(OS.WINDOWS)
class SubprocessPipesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

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
}
