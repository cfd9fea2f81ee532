package io.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.weft.net.Connector;
import io.weft.net.Tls;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
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

    @Test
    void hangUpReadsTheCertificateAgain() throws Exception {
        assumeThat(ChildJvm.ignores("HUP")).as("HUP is ignored, as below nohup").isFalse();
        Path trusted = file("ca.pem");
        try (var server = start()) {
            Files.copy(file("other.pem"), folder.resolve("localhost.pem"), REPLACE_EXISTING);
            hangUp(server, "the certificate stays as it was: expected the key of ");
            Files.copy(file("other.key"), folder.resolve("localhost.key"), REPLACE_EXISTING);
            hangUp(server, "the certificate was read again");
            try (var client =
                    new Connector()
                            .tls(Tls.client().trust(trusted).build())
                            .timeout(EchoProcess.PATIENCE)
                            .connect(new InetSocketAddress(other(), server.port()))) {
                client.write("hello\n");
                assertThat(client.readLine(100)).isEqualTo("hello");
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }
    }

    private static InetAddress other() throws IOException {
        return InetAddress.getByAddress("other.example", new byte[] {127, 0, 0, 1});
    }

    private static void hangUp(EchoProcess server, String said) throws Exception {
        String id = Long.toString(server.process.pid());
        assertThat(new ProcessBuilder("kill", "-HUP", id).start().waitFor()).isZero();
        await(said)
                .atMost(EchoProcess.PATIENCE)
                .until(() -> server.errors().stream().anyMatch(line -> line.contains(said)));
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
