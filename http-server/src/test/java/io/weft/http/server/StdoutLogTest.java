package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** The access log on standard output, which is that of a process of its own. */
class StdoutLogTest {
    @Test
    void linesComeOutAndTheStreamStaysOpen() throws Exception {
        Process process =
                new ProcessBuilder(ChildJvm.command(Logs.class)).redirectErrorStream(true).start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(new String(output, StandardCharsets.UTF_8)).isEqualTo("one\ntwo\nstill open\n");
        assertThat(process.waitFor()).isZero();
    }

    /** The process. */
    public static final class Logs {
        public static void main(String[] arguments) throws Exception {
            try (var log = new LogFile()) {
                log.append("one");
                log.reopen(); // which does nothing here
                log.append("two");
            }
            System.out.println("still open");
        }
    }
}
