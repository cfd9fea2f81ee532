package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.HubTask;
import io.weft.Loop;
import io.weft.cli.Fatal;
import io.weft.http.Router;
import io.weft.http.server.HttpServer;
import io.weft.net.Addresses;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A server whose memory runs out goes on if only a handler wanted too much of it, and else ends:
 * one that holds its port and answers nobody there is not.
 */
class OutOfMemoryTest {
    private static final int PATIENCE = 60; // seconds
    private static final int ASKED = 5;

    @TempDir private Path folder;

    /** A server that is run out of memory, in a process of its own. */
    private final class Victim implements AutoCloseable {
        private final Process process;
        private final int port;

        Victim() throws IOException {
            var command = new ArrayList<>(ChildJvm.command(Child.class));
            command.add(1, "-Xmx48m");
            process = new ProcessBuilder(command).redirectError(errorFile().toFile()).start();
            String line = Objects.requireNonNull(process.inputReader().readLine());
            port = ((InetSocketAddress) Addresses.parse(line)).getPort();
        }

        /** The status; 0 if the connection ends without one. */
        int ask(String path) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(PATIENCE * 1000);
                String request = "GET " + path + " HTTP/1.0\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                byte[] start = socket.getInputStream().readNBytes(12);
                return start.length < 12
                        ? 0
                        : Integer.parseInt(new String(start, 9, 3, StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return 0;
            }
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).as("it ends").isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Path errorFile() {
        return folder.resolve("errors");
    }

    @Test
    void handlerThatWantsTooMuchIsAnsweredBy500() throws Exception {
        try (var server = new Victim()) {
            assertThat(server.ask("/large")).isEqualTo(500);
            assertThat(server.ask("/plain")).isEqualTo(200);
            assertThat(server.process.isAlive()).isTrue();
        }
    }

    @Test
    void withoutMemoryForItsOwnWorkItEnds() throws Exception {
        try (var server = new Victim()) {
            assertThat(server.ask("/hub")).isZero();
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(Files.readAllLines(errorFile()))
                    .containsExactly("victim: out of memory: the process ends");
        }
    }

    /** It does not stay as one that answers nobody. */
    @Test
    void withoutAnyMemoryItEnds() throws Exception {
        try (var server = new Victim()) {
            for (int i = 0; i < ASKED && server.process.isAlive(); i++) {
                server.ask("/fill");
            }
            assertThat(server.exitCode()).isEqualTo(1);
        }
    }

    static final class Child {
        private static final List<byte[]> KEPT = new ArrayList<>();

        public static void main(String[] arguments) throws Exception {
            Fatal.install("victim");
            var routes =
                    new Router()
                            .get("/plain", (_, response) -> response.send("plain"))
                            .get("/large", (_, response) -> response.send(new byte[1 << 30]))
                            .get(
                                    "/fill",
                                    (_, response) -> {
                                        while (true) {
                                            KEPT.add(new byte[64 * 1024]);
                                        }
                                    })
                            .get("/hub", (_, response) -> Loop.current().onHub(new Failing()));
            try (var server = HttpServer.bind("127.0.0.1:0", routes)) {
                System.out.println(Addresses.format(server.address()));
                server.serveForever();
            }
        }
    }

    private static final class Failing extends HubTask {
        @Override
        protected void run() {
            throw new OutOfMemoryError("as if there were no memory");
        }
    }
}
