package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Handler;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.testing.Answer;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Nobody reads what the server writes: it serves on, and ends when it is told to. */
class StuckLogTest {
    private static final Pattern LISTENING =
            Pattern.compile("listening on http://[0-9.]+:(\\d+) .*");

    /** Says far more of each request than one would like to read. */
    public static final class Failing implements Handler {
        @Override
        public void handle(Request request, Response response) {
            throw new IllegalStateException("no ".repeat(1000));
        }
    }

    private static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(ChildJvm.command(Main.class));
        Path logging = Path.of("../.mvn/jar/logback.xml").toAbsolutePath();
        command.add(1, "-Dlogback.configurationFile=" + logging);
        command.addAll(List.of("-b", "127.0.0.1:0", "-w", "1"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start(); // with pipes, of 64 KB here
    }

    private static int port(Process process) throws IOException {
        var out = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
        String line = new BufferedReader(out, 64).readLine(); // and no more
        Matcher listening = LISTENING.matcher(String.valueOf(line));
        assertThat(listening.matches()).as(line).isTrue();
        return Integer.parseInt(listening.group(1));
    }

    private static void assertServesAndEnds(Process process, int requests, int status)
            throws Exception {
        try (var socket = new Socket("127.0.0.1", port(process))) {
            socket.setSoTimeout((int) HttpProcess.PATIENCE.toMillis());
            String request =
                    "GET /"
                            + "a".repeat(2000)
                            + " HTTP/1.1\r\nHost: a\r\nUser-Agent: "
                            + "b".repeat(2000)
                            + "\r\n\r\n";
            for (int i = 0; i < requests; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                var answer = Answer.read(socket.getInputStream(), false);
                assertThat(answer.status()).isEqualTo(status);
            }
        }
        process.destroy();
        assertThat(process.waitFor(HttpProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void stuckErrorLogHoldsNeitherRequestsNorTheEnd() throws Exception {
        Process process = start(Failing.class.getName());
        try {
            assertServesAndEnds(process, 200, 500);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void stuckAccessLogHoldsNeitherRequestsNorTheEnd() throws Exception {
        Process process = start("--access-logfile", "-");
        try {
            assertServesAndEnds(process, 1000, 404);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }
}
