package io.weft.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Weft;
import io.weft.process.Stdio;
import io.weft.process.Subprocess;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The JDK's own dumps of a process with coroutines; afterwards it runs on. */
@DisabledOnOs(OS.WINDOWS)
class JdkDumpTest {
    @TempDir Path folder;

    private Subprocess child;
    private BufferedReader output;

    @BeforeEach
    void start() throws Exception {
        child =
                Subprocess.command(ChildJvm.command(Child.class))
                        .stdin(Stdio.PIPE)
                        .stdout(Stdio.PIPE)
                        .start();
        output = new BufferedReader(new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("ready");
    }

    @AfterEach
    void end() throws Exception {
        child.kill();
        child.close();
    }

    @Test
    void jcmdPrintsTheLoopsThreads() throws Exception {
        assertThat(jcmd("Thread.print")).contains("\"weft-1-loop-0\"");
        runsOn();
    }

    @Test
    void jcmdDumpsCoroutinesAsTextAndJson() throws Exception {
        Path text = folder.resolve("dump.txt");
        jcmd("Thread.dump_to_file", text.toString());
        assertThat(text).content().contains("\"sleeping one\" virtual", "Child.sleepLong");
        Path json = folder.resolve("dump.json");
        jcmd("Thread.dump_to_file", "-format=json", json.toString());
        assertThat(json).content().contains("\"sleeping one\"", "Child.sleepLong");
        runsOn();
    }

    @Test
    void sigquitPrintsTheLoopsThreads() throws Exception {
        Subprocess.run("kill", "-QUIT", Long.toString(child.pid())).check();
        awaitLine("Full thread dump");
        awaitLine("\"weft-1-loop-0\"");
        awaitLine("JNI global ref");
        runsOn();
    }

    private String jcmd(String... arguments) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add("-J-Dsun.tools.attach.attachTimeout=60000"); // 10 s by default
        command.add(Long.toString(child.pid()));
        command.addAll(java.util.List.of(arguments));
        return Subprocess.checkOutput(command.toArray(String[]::new));
    }

    private void awaitLine(String part) throws IOException {
        for (String line; (line = output.readLine()) != null; ) {
            if (line.contains(part)) {
                return;
            }
        }
        throw new AssertionError("the child ended before it wrote " + part);
    }

    /** Coroutines still wake, sleep and answer. */
    private void runsOn() throws IOException {
        child.stdin().write('\n');
        child.stdin().flush();
        awaitLine("still here");
    }

    static final class Child {
        public static void main(String[] arguments) throws Exception {
            Weft.run(
                    () -> {
                        io.weft.Loop.current().spawn("sleeping one", Child::sleepLong);
                        Weft.sleep(Duration.ofMillis(1));
                        System.out.println("ready");
                        var line = new java.util.concurrent.CompletableFuture<Integer>();
                        Thread.ofPlatform().daemon().start(() -> line.complete(read()));
                        Weft.await(line);
                        Weft.sleep(Duration.ofMillis(1));
                        System.out.println("still here");
                    });
        }

        private static String sleepLong() throws InterruptedException {
            Weft.sleep(Duration.ofDays(1));
            return "";
        }

        private static int read() {
            try {
                return System.in.read();
            } catch (IOException e) {
                return -1;
            }
        }
    }
}
