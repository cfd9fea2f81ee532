package io.weft.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

class RelaunchTest {
    @Test
    void commandKeepsOptionsAndArguments() {
        Jdk jdk = Jdk.at(new File(System.getProperty("java.home")));

        List<String> command =
                Relaunch.command(jdk, new File("weft.jar"), "-Dmark", new String[] {"--port", "1"});

        assertThat(command)
                .startsWith(jdk.java().getPath())
                .anyMatch(option -> option.contains("java.base/java.lang"))
                .endsWith("-Dmark", "-jar", "weft.jar", "--port", "1");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void exitCodeOfTheChildIsOurs() throws Exception {
        assertThat(Relaunch.run(List.of("sh", "-c", "exit 7"))).isEqualTo(7);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hangUpIsPassedOn(@TempDir Path folder) throws Exception {
        assumeThat(ChildJvm.ignores("HUP")).as("HUP is ignored, as below nohup").isFalse();
        Path ready = folder.resolve("ready");
        String script = "trap 'exit 7' HUP; : > " + ready + "; while :; do sleep 0.05; done";
        var code = new FutureTask<>(() -> Relaunch.run(List.of("sh", "-c", script)));
        Thread.ofVirtual().start(code);
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(ready));
            String own = Long.toString(ProcessHandle.current().pid());
            assertThat(new ProcessBuilder("kill", "-HUP", own).start().waitFor()).isZero();
            assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        } finally {
            Signals.restore("HUP");
        }
    }

    @Test
    void socketsOfAnotherProcessAreNotOurs() {
        long own = ProcessHandle.current().pid();
        assertThat(Relaunch.hasSockets(Long.toString(own))).isTrue();
        assertThat(Relaunch.hasSockets(own + "0")).isFalse();
        assertThat(Relaunch.hasSockets(null)).isFalse();
    }
}
