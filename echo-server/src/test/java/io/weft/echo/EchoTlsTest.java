package io.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.net.Connector;
import io.weft.net.Tls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;

/** With a certificate it speaks TLS, and only that. */
class EchoTlsTest {
    @TempDir private Path folder;

    @Test
    void echoesOverTls() throws Exception {
        try (var server = start();
                var client =
                        new Connector()
                                .tls(Tls.client().trust(file("ca.pem")).build())
                                .timeout(EchoProcess.PATIENCE)
                                .connect(new InetSocketAddress("localhost", server.port()))) {
            for (int i = 0; i < 100; i++) {
                String line = "hello " + i;
                client.write(line + "\n");
                assertThat(client.readLine(100)).isEqualTo(line);
            }
            assertThat(client.isSecure()).isTrue();
            EchoServerTest.assertQuiet(server);
        }
    }

    @Test
    void plaintextIsRefusedWithOneLine() throws Exception {
        try (var server = start()) {
            try (var socket = server.connect()) {
                EchoProcess.send(socket, "GET / HTTP/1.1\r\n\r\n");
                socket.getInputStream().readAllBytes();
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(server.errors())
                    .singleElement()
                    .asString()
                    .contains("TLS handshake failed on connection 127.0.0.1:");
            assertThat(server.output()).isEmpty();
        }
    }

    private EchoProcess start() throws IOException {
        return EchoProcess.start(
                folder,
                "--cert",
                file("localhost.pem").toString(),
                "--key",
                file("localhost.key").toString());
    }

    /** The test kit may be a jar, and a command needs files. */
    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        try (var in = EchoTlsTest.class.getResourceAsStream("/tls/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
