package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A child's pipes belong to its own children too; and nothing of them is left here. */
@EnabledOnOs(OS.LINUX)
class GrandchildTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir private Path folder;

    /**
     * Its child ends at once, and its grandchild writes when the test says so, or ends with the
     * test's folder.
     */
    private SubprocessBuilder family() {
        String late =
                "(until [ -e go ] || [ ! -d \"$0\" ]; do sleep 0.01; done; echo late; echo bad >&2)"
                        + " &";
        return Subprocess.command("sh", "-c", late + " echo early", folder.toString())
                .directory(folder)
                .stdout(Stdio.PIPE)
                .stderr(Stdio.PIPE);
    }

    private void go() throws Exception {
        Files.createFile(folder.resolve("go"));
    }

    @Test
    void whatAGrandchildWritesAfterTheChildsEndIsRead() throws Exception {
        Weft.run(
                () -> {
                    try (var child = family().start()) {
                        assertThat(child.waitFor()).isZero();
                        go();
                        assertThat(
                                        new String(
                                                child.stdout().readAllBytes(),
                                                StandardCharsets.UTF_8))
                                .isEqualTo("early\nlate\n");
                        assertThat(child.stderr().readLine(100)).isEqualTo("bad");
                    }
                });
    }

    @Test
    void communicateWaitsForAGrandchildToo() throws Exception {
        Weft.run(
                () -> {
                    var child = family().start();
                    assertThat(child.waitFor()).isZero();
                    assertThat(child.communicate("", Duration.ofMillis(5))).isNull();
                    go();
                    var completed = child.communicate("");
                    assertThat(completed.output()).isEqualTo("early\nlate\n");
                    assertThat(completed.error()).isEqualTo("bad\n");
                });
    }

    @Test
    void closeDoesNotWaitForAGrandchild() throws Exception {
        Weft.run(
                () -> {
                    Coroutine<?> reader;
                    try (var child = family().start()) {
                        assertThat(child.stdout().readLine(100)).isEqualTo("early");
                        reader = Weft.spawn(() -> child.stdout().readLine(100));
                        Weft.yieldNow();
                    }
                    reader.join();
                    assertThat(reader.exception()).hasMessageContaining("is closed");
                    go();
                });
    }

    @Test
    void startThatIsKilledLeavesNoChild() throws Exception {
        String odd = "1000.0012345";
        Weft.run(
                () -> {
                    for (int i = 0; i < 10; i++) {
                        int turns = i;
                        var starter = Weft.spawn(() -> Subprocess.command("sleep", odd).start());
                        for (int turn = 0; turn < turns; turn++) {
                            Weft.yieldNow();
                        }
                        starter.kill();
                        starter.join();
                        if (starter.isSuccessful()) { // it was quicker
                            starter.get().kill();
                        }
                    }
                });
        Awaitility.await()
                .atMost(LONG)
                .during(Duration.ofMillis(200)) // for one that is being started yet
                .until(
                        () ->
                                ProcessHandle.current()
                                        .children()
                                        .noneMatch(
                                                child ->
                                                        child.info()
                                                                .commandLine()
                                                                .orElse("")
                                                                .contains(odd)));
    }

    @Test
    void noDescriptorIsLeftOfManyChildren() throws Exception {
        var descriptors = new File("/proc/self/fd");
        Weft.run(
                () -> {
                    Subprocess.run("true"); // what is opened once
                    int before = descriptors.list().length;
                    for (int i = 0; i < 10; i++) {
                        assertThat(Subprocess.run("echo", "x").output()).isEqualTo("x\n");
                        try (var child = family().stdin(Stdio.PIPE).start()) {
                            Timeout.callOr(Duration.ofMillis(1), -1, () -> child.stdout().read());
                        }
                        try {
                            Subprocess.run("/no/such/program");
                        } catch (java.io.IOException e) {
                            assertThat(e).hasMessageContaining("/no/such/program");
                        }
                    }
                    go();
                    Awaitility.await()
                            .atMost(LONG)
                            .until(() -> descriptors.list().length <= before);
                });
    }
}
