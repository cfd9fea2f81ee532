package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.testing.ChildJvm;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command in a process of its own, on a port that the system chose. */
final class HttpProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The log settings of the jar, seen from the module's folder. */
    private static final Path LOGGING = Path.of("../.mvn/jar/logback.xml");

    private static final Pattern LISTENING =
            Pattern.compile("listening on https?://([0-9.]+):(\\d+) .*");

    final Process process;
    private final Path output;
    private final Path errors;
    private int port;

    private HttpProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Starts it in {@code folder}, and returns when it listens. */
    static HttpProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of("-b", "127.0.0.1:0"), List.of(), arguments);
    }

    /** As before, with something before the command, and what to bind. */
    static HttpProcess start(
            Path folder, List<String> bind, List<String> before, String... arguments)
            throws IOException {
        var command = new ArrayList<>(ChildJvm.command(Main.class));
        command.add(1, "-Dlogback.configurationFile=" + LOGGING.toAbsolutePath());
        command.addAll(0, before);
        command.addAll(bind);
        command.addAll(List.of("-w", "1"));
        command.addAll(List.of(arguments));
        String transport = System.getProperty("weft.transport");
        if (transport != null && !command.contains("--transport")) {
            command.addAll(List.of("--transport", transport));
        }
        Path output = folder.resolve("stdout");
        Path errors = folder.resolve("stderr");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        var server = new HttpProcess(process, output, errors);
        server.awaitListening();
        return server;
    }

    private void awaitListening() {
        await("the line that says that it listens")
                .atMost(PATIENCE)
                .until(() -> !process.isAlive() || !lines(output).isEmpty());
        String line = lines(output).isEmpty() ? "" : lines(output).getFirst();
        Matcher listening = LISTENING.matcher(line);
        if (!listening.matches()) {
            close();
            throw new AssertionError("not listening: " + lines(output) + lines(errors));
        }
        port = Integer.parseInt(listening.group(2));
    }

    int port() {
        return port;
    }

    Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** Sends this, and returns all that comes. */
    String ask(String request) throws IOException {
        try (var socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.ISO_8859_1);
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** But for those of the monitor: what holds a loop may be that the machine is busy. */
    List<String> errors() {
        return lines(errors).stream()
                .filter(line -> !line.contains("debug.LoopMonitor - "))
                .toList();
    }

    /** Sends SIGTERM, and waits for the end. */
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
