package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server's process in a folder of its own, on a free port of 127.0.0.1; ended, with all that it
 * has started, by {@link #close()} or at the end of this process.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(50);
    private static final Duration END = Duration.ofSeconds(20);

    /** Some servers refuse to run as root: who has no rights of his own. */
    private static final String NOBODY = "nobody";

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", NOBODY, "--regid", "nogroup", "--clear-groups", "--");

    private final Path folder;
    private final Process process;
    private final Thread atExit = new Thread(this::end, "server-end");

    private ServerProcess(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        this.folder = folder;
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static ServerProcess start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        return new ServerProcess(folder, environment, command);
    }

    /** As {@link #start}, as somebody who is not root. */
    static ServerProcess startUnprivileged(Path folder, List<String> command) throws IOException {
        return start(folder, Map.of(), unprivileged(folder, command));
    }

    /** Runs a command to its end as one who is not root, and who gets the folder. */
    static void runUnprivileged(Path folder, List<String> command) throws Exception {
        var log = folder.resolve("run.log");
        var process =
                new ProcessBuilder(unprivileged(folder, command))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    private static List<String> unprivileged(Path folder, List<String> command) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        Files.setOwner(
                folder,
                folder.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(NOBODY));
        var whole = new ArrayList<>(AS_NOBODY);
        whole.addAll(command);
        return whole;
    }

    static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    /** Returns when somebody listens there. */
    ServerProcess awaitPort(int port) {
        await("a listener on port " + port)
                .atMost(START)
                .failFast(
                        "the server has ended: " + log(),
                        () -> assertThat(process.isAlive()).as(Files.readString(log())).isTrue())
                .until(() -> isListening(port));
        return this;
    }

    private static boolean isListening(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asked first, as its children end by it, and then made to. */
    private void end() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        process.destroy();
        try {
            process.waitFor(END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
