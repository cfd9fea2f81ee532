package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.Coroutine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Connections protected by TLS, once they are. */
class TlsTest {
    private static final int LARGE = 16 * 1024 * 1024;

    private static TlsBuilder client() {
        return Tls.client().trust(Certificates.AUTHORITY);
    }

    private static TlsBuilder server() {
        return Certificates.localhost(Tls.server());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void clientBelievesACertificateOfTheHostItCalled(String host) throws Exception {
        try (var echo = TlsHost.echo(server());
                var client = echo.connect(client(), host)) {
            client.write("hello\n");
            client.flush();

            assertThat(client.readLine(100)).isEqualTo("hello");
            assertThat(client.isSecure()).isTrue();
            assertThat(client.tlsSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost",
        "unheard.of.example, localhost",
        "other.example, other",
        "www.other.example, other",
        "exact.other.example, client",
    })
    void serverNameChoosesTheCertificate(String host, String certificate) throws Exception {
        var tls =
                server().certificateFor(
                                "other.example",
                                Certificates.chain("other"),
                                Certificates.key("other"))
                        .certificateFor(
                                "*.other.example",
                                Certificates.chain("other"),
                                Certificates.key("other"))
                        .certificateFor(
                                "exact.other.example",
                                Certificates.chain("client"),
                                Certificates.key("client"));
        try (var echo = TlsHost.echo(tls);
                var client = echo.connect(Tls.client().insecure(), host)) {
            var shown = (X509Certificate) client.tlsSession().getPeerCertificates()[0];

            assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=" + certificate);
        }
    }

    @Test
    void certificateChosenByNameIsVerified() throws Exception {
        var tls =
                server().certificateFor(
                                "*.other.example",
                                Certificates.chain("other"),
                                Certificates.key("other"));
        try (var echo = TlsHost.echo(tls);
                var client = echo.connect(client(), "www.other.example")) {
            client.write("hello\n");
            client.flush();

            assertThat(client.readLine(100)).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2+http/1.1, http/1.1, http/1.1",
        "h2+http/1.1, http/1.1+h2, h2",
        "h2, http/1.1, "
    })
    void protocolIsTheFirstOfTheServersThatTheClientKnows(
            String servers, String clients, String agreed) throws Exception {
        var tls = server().applicationProtocols(servers.split("\\+"));
        try (var host =
                        new TlsHost(
                                tls.build(),
                                connection ->
                                        connection.write(connection.applicationProtocol() + "\n"));
                var client =
                        host.connect(
                                client().applicationProtocols(clients.split("\\+")), "localhost")) {
            assertThat(client.applicationProtocol()).isEqualTo(agreed);
            assertThat(client.readLine(100)).isEqualTo(String.valueOf(agreed));
        }
    }

    @Test
    void muchGoesBothWaysAtOnceIntact() throws Exception {
        try (var echo = TlsHost.echo(server());
                var client = echo.connect(client(), "localhost")) {
            var sent = new Pattern(1);
            Coroutine<Void> writer =
                    client.loop()
                            .spawn(
                                    () -> {
                                        sent.write(client, LARGE, 2);
                                        client.shutdownOutput();
                                        return null;
                                    });
            long received = client.loop().call(() -> sent.readToTheEnd(client, 3));
            writer.get();

            assertThat(received).isEqualTo(LARGE);
        }
    }

    @Test
    void fileIsSent(@TempDir Path directory) throws Exception {
        var file = directory.resolve("file");
        var bytes = new byte[300_000];
        new Pattern(4).fill(bytes, 0, bytes.length, 0);
        Files.write(file, bytes);
        try (var host =
                        new TlsHost(
                                server().build(),
                                connection -> {
                                    connection.write("before ");
                                    connection.writeFile(file, 1_000, 200_000);
                                    connection.write(" after");
                                    assertThatThrownBy(() -> connection.writeFile(file, 299_999, 2))
                                            .isInstanceOf(EOFException.class)
                                            .hasMessageContaining("ends 1 bytes too early");
                                });
                var client = host.connect(client(), "localhost")) {
            assertThat(client.readExactly(7)).asString().isEqualTo("before ");
            assertThat(client.readExactly(200_000))
                    .isEqualTo(Arrays.copyOfRange(bytes, 1_000, 201_000));
            assertThat(client.readExactly(6)).asString().isEqualTo(" after");
        }
    }

    /** close_notify ends one direction only (RFC 8446 section 6.1). */
    @Test
    void outputEndsAndInputGoesOn() throws Exception {
        try (var host = new TlsHost(server().build(), TlsTest::answerAfterTheEnd);
                var client = host.connect(client(), "localhost")) {
            client.write("question");
            client.shutdownOutput();
            assertThatThrownBy(() -> client.write("more"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("shut down");
            client.flush();

            assertThat(client.readLine(1_000_000)).endsWith("answer to question");
            assertThat(client.read(1)).isNull();
        }
    }

    /** As before, with the JDK's sockets on the other side. */
    @Test
    void peerEndsItsOutputAndItsInputGoesOn() throws Exception {
        try (var host = new TlsHost(server().build(), TlsTest::answerAfterTheEnd);
                var peer = jdkClient(host, "TLSv1.3")) {
            peer.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
            peer.shutdownOutput();

            assertThat(new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("answer to question\n");
        }
    }

    /** TLS 1.2 knows no half-closed connections (RFC 5246 section 7.2.1). */
    @Test
    void peerThatEndsItsOutputEndsBothWaysInTheOlderVersion() throws Exception {
        var outcome = new CompletableFuture<Throwable>();
        try (var host =
                        new TlsHost(
                                server().build(),
                                connection -> {
                                    try {
                                        answerAfterTheEnd(connection);
                                    } catch (IOException e) {
                                        outcome.complete(e);
                                    } finally {
                                        outcome.complete(null);
                                    }
                                });
                var peer = jdkClient(host, "TLSv1.2")) {
            peer.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
            peer.shutdownOutput();

            assertThat(peer.getInputStream().readAllBytes()).isEmpty();
            assertThat(outcome.get()).isInstanceOf(DisconnectedException.class);
        }
    }

    private static void answerAfterTheEnd(Connection connection) throws IOException {
        var question = new StringBuilder();
        for (byte[] some; (some = connection.read(100)) != null; ) {
            question.append(new String(some, StandardCharsets.UTF_8));
        }
        connection.write("x".repeat(500_000));
        connection.write("answer to " + question + "\n");
        connection.shutdownOutput();
        connection.flush();
    }

    private static SSLSocket jdkClient(TlsHost host, String protocol) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", host.port());
        socket.setEnabledProtocols(new String[] {protocol});
        socket.setSoTimeout((int) TlsHost.PATIENCE.toMillis());
        return socket;
    }
}
