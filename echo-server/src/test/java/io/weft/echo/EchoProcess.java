package io.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.testing.ChildJvm;

import java.io.IOException;
import java.net.InetAddress;
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

/** The echo server in a process of its own, on a port that the system chose. */
final class EchoProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The log settings of the jar, seen from the module's folder. */
    private static final Path LOGGING = Path.of("../.mvn/jar/logback.xml");

    private static final Pattern LISTENING =
            Pattern.compile("listening on ([0-9.]+):(\\d+) \\((\\w+), (\\d+) loops?\\)");

    final Process process;
    private final Path output;
    private final Path errors;
    private final Matcher listening;

    private EchoProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
        await("the line that says that it listens")
                .atMost(PATIENCE)
                .until(() -> !process.isAlive() || !lines(output).isEmpty());
        this.listening = LISTENING.matcher(lines(output).isEmpty() ? "" : lines(output).getFirst());
        if (!listening.matches()) {
            close();
            throw new AssertionError("not listening: " + lines(output) + lines(errors));
        }
    }

    /** Starts it in {@code folder}, and returns when it listens. */
    static EchoProcess start(Path folder, String... arguments) throws IOException {
        var command = new ArrayList<>(ChildJvm.command(EchoServer.class));
        command.add(1, "-Dlogback.configurationFile=" + LOGGING.toAbsolutePath());
        command.addAll(List.of("--host", "127.0.0.1", "--port", "0"));
        command.addAll(List.of(arguments));
        String transport = System.getProperty("weft.transport");
        if (transport != null) {
            command.addAll(List.of("--transport", transport));
        }
        Path output = folder.resolve("stdout");
        Path errors = folder.resolve("stderr");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        return new EchoProcess(process, output, errors);
    }

    int port() {
        return Integer.parseInt(listening.group(2));
    }

    String transport() {
        return listening.group(3);
    }

    int loops() {
        return Integer.parseInt(listening.group(4));
    }

    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    static String received(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    static void assertEchoes(Socket socket, String text) throws IOException {
        send(socket, text);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(received(socket, bytes)).isEqualTo(text);
    }

    /** What it has printed after the first line. */
    List<String> output() {
        var all = lines(output);
        return all.subList(1, all.size());
    }

    /** But for those of the monitor: what holds a loop may be that the machine is busy. */
    List<String> errors() {
        return lines(errors).stream()
                .filter(line -> !line.contains("debug.LoopMonitor - "))
                .toList();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIG{@code name}. */
    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Waits for the end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("end of the process")
                .isTrue();
        return process.exitValue();
    }

    private static List<String> lines(Path file) {
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
