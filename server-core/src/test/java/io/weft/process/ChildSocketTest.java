package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.ChildJvm;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Streams to a child beyond the three, with children of all kinds. */
@DisabledOnOs(OS.WINDOWS)
class ChildSocketTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LIMIT = 1000;

    /** Answers each message of JOBS on RESULTS, until there are no more. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] args) throws Exception {
            Weft.run(
                    () -> {
                        try (var jobs = MessagePipe.over(Subprocess.parentSocket("JOBS"));
                                var results =
                                        MessagePipe.over(Subprocess.parentSocket("RESULTS"))) {
                            for (String job; (job = jobs.receiveText()) != null; ) {
                                results.send(job + " done");
                            }
                            results.send("end");
                        }
                    });
        }
    }

    /** Has a Worker of its own, and waits for ever. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            Weft.run(
                    () -> {
                        var worker =
                                Subprocess.command(ChildJvm.command(Worker.class))
                                        .socket("JOBS")
                                        .socket("RESULTS")
                                        .start();
                        var jobs = MessagePipe.over(worker.socket("JOBS"));
                        var results = MessagePipe.over(worker.socket("RESULTS"));
                        jobs.send("one");
                        System.out.println(results.receiveText());
                        System.out.println(worker.pid());
                        worker.waitFor();
                    });
        }
    }

    private static SubprocessBuilder python(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeThat(path.split(":"))
                .as("folders of the PATH, one of which has python3")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        return Subprocess.command("python3", "-c", program).stdin(Stdio.NULL);
    }

    @Test
    void jvmChildTalksOverTwoSockets() throws Exception {
        Weft.run(
                () -> {
                    try (var child =
                            Subprocess.command(ChildJvm.command(Worker.class))
                                    .socket("JOBS")
                                    .socket("RESULTS")
                                    .start()) {
                        var jobs = MessagePipe.over(child.socket("JOBS"));
                        var results = MessagePipe.over(child.socket("RESULTS"));
                        for (int i = 0; i < 100; i++) {
                            jobs.send("job " + i);
                        }
                        jobs.close();
                        for (int i = 0; i < 100; i++) {
                            assertThat(results.receiveText()).isEqualTo("job " + i + " done");
                        }
                        assertThat(results.receiveText()).isEqualTo("end");
                        assertThat(results.receive()).isNull();
                        assertThat(child.waitFor()).isZero();
                        assertThat(child.socket("JOBS")).isSameAs(jobs.connection());
                    }
                });
    }

    @Test
    void pythonChildTalksByItsStandardLibrary() throws Exception {
        var child =
                python(
                        """
                        import os
                        from multiprocessing.connection import Client

                        with Client(os.environ["JOBS"]) as jobs:
                            try:
                                while True:
                                    jobs.send_bytes(jobs.recv_bytes().upper())
                            except EOFError:
                                pass
                        """);
        Weft.run(
                () -> {
                    try (var upper = child.socket("JOBS").start()) {
                        var jobs = MessagePipe.over(upper.socket("JOBS"));
                        jobs.send("hello");
                        assertThat(jobs.receiveText()).isEqualTo("HELLO");
                        var large = new byte[1_000_000];
                        jobs.send(large);
                        assertThat(jobs.receive()).isEqualTo(large);
                        jobs.close();
                        assertThat(upper.waitFor()).isZero();
                    }
                });
    }

    @Test
    void whatAChildSentRightBeforeItsEndIsReceived() throws Exception {
        var quick =
                python(
                        """
                        import os
                        from multiprocessing.connection import Client
                        Client(os.environ["OUT"]).send_bytes(b"last words")
                        """);
        Weft.run(
                () -> {
                    var child = quick.socket("OUT").start();
                    assertThat(child.waitFor()).isZero();
                    var pipe = MessagePipe.over(child.socket("OUT"));
                    assertThat(pipe.receiveText()).isEqualTo("last words");
                    assertThat(pipe.receive()).isNull();
                    child.close();
                });
    }

    @Test
    void childThatDiesInTheMiddleOfAMessageIsNoEnd() throws Exception {
        var half =
                python(
                        """
                        import os, socket, signal
                        s = socket.socket(socket.AF_UNIX)
                        s.connect(os.environ["OUT"])
                        s.sendall(b"\\0\\0\\0\\x0a123")
                        os.kill(os.getpid(), signal.SIGKILL)
                        """);
        Weft.run(
                () -> {
                    try (var child = half.socket("OUT").start()) {
                        var pipe = MessagePipe.over(child.socket("OUT"));
                        assertThatThrownBy(pipe::receive)
                                .isInstanceOf(EOFException.class)
                                .hasMessageEndingWith("ended after 3");
                        assertThat(child.waitFor()).isEqualTo(128 + 9);
                    }
                });
    }

    @Test
    void childThatNeverConnectsIsWaitedForAsLongAsOneLikes() throws Exception {
        Weft.run(
                () -> {
                    try (var child = Subprocess.command("sleep", "1000").socket("JOBS").start()) {
                        for (int i = 0; i < 2; i++) {
                            assertThatThrownBy(
                                            () ->
                                                    Timeout.call(
                                                            Duration.ofMillis(5),
                                                            () -> child.socket("JOBS")))
                                    .isInstanceOf(Timeout.Expired.class);
                        }
                        var waiter = Weft.spawn(() -> child.socket("JOBS"));
                        Weft.yieldNow();
                        child.kill();
                        waiter.join();
                        assertThat(waiter.exception())
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining("has ended and never connected to its JOBS");
                        assertThatThrownBy(() -> child.socket("RESULTS"))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("[JOBS]");
                    }
                });
    }

    @Test
    void onlyThisUserCanComeToThePathAndItGoes(@TempDir Path folder) throws Exception {
        String show = "echo $JOBS; stat -c %a $(dirname $JOBS) || stat -f %Lp $(dirname $JOBS)";
        Weft.run(
                () -> {
                    Path path;
                    try (var child =
                            Subprocess.command("sh", "-c", show + "; read answer")
                                    .stdin(Stdio.PIPE)
                                    .stdout(Stdio.PIPE)
                                    .socket("JOBS")
                                    .start()) {
                        path = Path.of(child.stdout().readLine(LIMIT));
                        assertThat(child.stdout().readLine(LIMIT)).isEqualTo("700");
                        assertThat(path).exists();
                    }
                    Awaitility.await().atMost(LONG).until(() -> !Files.exists(path.getParent()));
                });
    }

    @Test
    void thePathGoesWithAChildThatCouldNotBeStarted() throws Exception {
        var before = folders();
        Weft.run(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                Subprocess.command("/no/such/program")
                                                        .socket("JOBS")
                                                        .start())
                                .isInstanceOf(IOException.class));
        Awaitility.await().atMost(LONG).until(() -> before.containsAll(folders()));
    }

    private static List<Path> folders() throws IOException {
        var found = new ArrayList<Path>();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (var all = Files.newDirectoryStream(temporary, "weft*")) {
            all.forEach(found::add);
        }
        return found;
    }

    @Test
    void childSeesTheEndWhenItsParentIsKilled() throws Exception {
        Weft.run(
                () -> {
                    try (var parent =
                            Subprocess.command(ChildJvm.command(Parent.class))
                                    .stdout(Stdio.PIPE)
                                    .start()) {
                        assertThat(parent.stdout().readLine(LIMIT)).isEqualTo("one done");
                        long pid = Long.parseLong(parent.stdout().readLine(LIMIT));
                        var worker = ProcessHandle.of(pid).orElseThrow();
                        parent.kill();
                        Weft.await(worker.onExit(), LONG);
                        parent.waitFor();
                    }
                });
    }

    @Test
    void aPlainThreadCanHaveThemToo() throws Exception {
        try (var child =
                Subprocess.command(ChildJvm.command(Worker.class))
                        .socket("JOBS")
                        .socket("RESULTS")
                        .start()) {
            var jobs = MessagePipe.over(child.socket("JOBS"));
            var results = MessagePipe.over(child.socket("RESULTS"));
            jobs.send("one");
            assertThat(results.receiveText()).isEqualTo("one done");
            jobs.close();
            assertThat(results.receiveText()).isEqualTo("end");
        }
    }

    @Test
    void withoutAParentThereIsNoSocket() {
        assertThatThrownBy(() -> Subprocess.parentSocket("WEFT_NO_SUCH_VARIABLE"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ConnectException.class)
                .hasMessageContaining("WEFT_NO_SUCH_VARIABLE");
        assertThatThrownBy(() -> Subprocess.command("true").socket("A=B"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
