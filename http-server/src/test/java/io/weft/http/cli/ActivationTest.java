package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Transport;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Listening sockets that somebody else has opened, as systemd does. */
class ActivationTest {
    /**
     * Listens on descriptor 3, blocking, and becomes the command: as a child of systemd, with its
     * own process id in LISTEN_PID.
     */
    private static final String PARENT =
            """
            import os, socket, sys
            kind, listen_pid = sys.argv[1:3]
            if kind == 'tcp':
                listener = socket.socket()
                listener.bind(('127.0.0.1', 0))
            elif kind == 'unix':
                listener = socket.socket(socket.AF_UNIX)
                listener.bind('socket')
            else:
                listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            if kind != 'udp':
                listener.listen(16)
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            if listen_pid != 'none':
                os.environ['LISTEN_FDS'] = '1'
                os.environ['LISTEN_PID'] = str(os.getpid()) if listen_pid == 'own' else '1'
            os.execv(sys.argv[3], sys.argv[3:])
            """;

    private static final String REQUEST = "GET /status/204 HTTP/1.0\r\n\r\n";

    @TempDir private Path folder;

    @BeforeEach
    void needPythonAndEpoll() throws Exception {
        assumeTrue(Transport.EPOLL.isAvailable());
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")));
    }

    private List<String> parent(String kind, String listenPid) {
        return List.of("/usr/bin/python3", "-c", PARENT, kind, listenPid);
    }

    private HttpProcess start(String kind, String listenPid, String bind) throws IOException {
        return HttpProcess.start(
                folder, List.of("-b", bind), parent(kind, listenPid), "--transport", "epoll");
    }

    @Test
    void socketOfSystemdGoesBeforeThoseOfTheOptions() throws Exception {
        try (var server = start("tcp", "own", "127.0.0.1:1")) { // where nobody could listen
            for (int i = 0; i < 20; i++) {
                assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            }
            assertThat(server.stop()).isZero();
            assertThat(server.errors()).isEmpty();
        }
    }

    @Test
    void descriptorCanBeNamed() throws Exception {
        try (var server = start("tcp", "none", "fd://3")) {
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void socketsOfAnotherProcessAreLeftAlone() throws Exception {
        try (var server = start("tcp", "other", "127.0.0.1:0")) {
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void fileOfAUnixSocketStays() throws Exception {
        var command = new ArrayList<>(parent("unix", "own"));
        command.addAll(ChildJvm.command(Main.class));
        command.addAll(List.of("--transport", "epoll"));
        Path output = folder.resolve("stdout");
        var process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(folder.resolve("stderr").toFile())
                        .start();
        try {
            await("a listener")
                    .atMost(HttpProcess.PATIENCE)
                    .until(() -> !HttpProcess.lines(output).isEmpty());
            assertThat(HttpProcess.lines(output).getFirst()).startsWith("listening on fd://3 ");
            var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
            try (var channel = SocketChannel.open(address)) {
                channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
                var answer = ByteBuffer.allocate(12);
                while (answer.hasRemaining() && channel.read(answer) >= 0) {}
                assertThat(new String(answer.array(), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 204");
            }
            process.destroy();
            assertThat(process.waitFor(HttpProcess.PATIENCE)).isTrue();
            assertThat(folder.resolve("socket")).exists(); // it is systemd's
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void whatDoesNotListenIsRefusedInOneLine() throws Exception {
        assertThat(refusal("udp", "fd://3", "epoll"))
                .isEqualTo("http-server: cannot listen on fd://3: expected a socket that listens");
        assertThat(refusal("tcp", "fd://99", "epoll"))
                .isEqualTo("http-server: cannot listen on fd://99: expected a socket that listens");
    }

    @Test
    void otherTransportsSayThatTheyCannot() throws Exception {
        assertThat(refusal("tcp", "fd://3", "nio"))
                .isEqualTo(
                        "http-server: cannot listen on fd://3: the nio transport cannot take over"
                                + " a socket, only epoll can");
    }

    private String refusal(String kind, String bind, String transport) throws Exception {
        var command = new ArrayList<>(parent(kind, "none"));
        command.addAll(ChildJvm.command(Main.class));
        command.addAll(List.of("-b", bind, "--transport", transport));
        Path errors = folder.resolve("stderr");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        assertThat(process.waitFor(HttpProcess.PATIENCE)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return String.join("\n", HttpProcess.lines(errors));
    }
}
