package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.server.StreamServer;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLException;

/** Handshakes that fail, and client certificates. Who is refused is not handled. */
class TlsHandshakeTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    private final LogRecorder log = LogRecorder.of(StreamServer.class);

    @AfterEach
    void close() {
        log.close();
    }

    private static TlsBuilder client() {
        return Tls.client().trust(Certificates.AUTHORITY);
    }

    private static TlsBuilder server() {
        return Certificates.localhost(Tls.server());
    }

    /** With and without a choice of certificates: the choice is made by a handler of its own. */
    private static TlsBuilder server(boolean names) {
        return names
                ? server().certificateFor(
                                "other.example",
                                Certificates.chain("other"),
                                Certificates.key("other"))
                : server();
    }

    @Test
    void certificateOfAnotherHostIsRefused() throws Exception {
        try (var echo = TlsHost.echo(server())) {
            assertThatThrownBy(() -> echo.connect(client(), "other.example"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("TLS handshake failed on connection 127.0.0.1:")
                    .hasMessageContaining("other.example");
            assertRefused(echo);
        }
    }

    @Test
    void certificateOfAnUnknownAuthorityIsRefused() throws Exception {
        try (var echo = TlsHost.echo(server())) {
            assertThatThrownBy(() -> echo.connect(Tls.client(), "localhost"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("unable to find valid certification path");
            assertRefused(echo);
        }
    }

    @Test
    void clientWithACertificateIsLetIn() throws Exception {
        var name = new AtomicReference<String>();
        try (var host =
                        new TlsHost(
                                server().trust(Certificates.AUTHORITY).build(),
                                connection -> {
                                    var shown = connection.tlsSession().getPeerCertificates()[0];
                                    name.set(
                                            ((X509Certificate) shown)
                                                    .getSubjectX500Principal()
                                                    .getName());
                                    connection.write("welcome\n");
                                });
                var client =
                        host.connect(
                                client().certificate(
                                                Certificates.chain("client"),
                                                Certificates.key("client")),
                                "localhost")) {
            assertThat(client.readLine(100)).isEqualTo("welcome");
            assertThat(name).hasValue("CN=client");
        }
    }

    @Test
    void clientWithoutACertificateIsRefused() throws Exception {
        try (var echo = TlsHost.echo(server().trust(Certificates.AUTHORITY))) {
            assertThatThrownBy(() -> connectAndRead(echo, client()))
                    .isInstanceOf(IOException.class);
            assertRefused(echo);
        }
    }

    @Test
    void clientWithACertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        try (var echo = TlsHost.echo(server().trust(Certificates.AUTHORITY))) {
            var stranger =
                    client().certificate(
                                    Certificates.chain("stranger"), Certificates.key("stranger"));
            assertThatThrownBy(() -> connectAndRead(echo, stranger))
                    .isInstanceOf(IOException.class);
            assertRefused(echo);
        }
    }

    /** With TLS 1.3 the client is done before the server has seen its certificate. */
    private static void connectAndRead(TlsHost host, TlsBuilder tls) throws Exception {
        try (var client = host.connect(tls, "localhost")) {
            client.read(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverGivesUpASilentPeer(boolean names) throws Exception {
        try (var echo = TlsHost.echo(server(names).handshakeTimeout(SHORT));
                var peer = echo.connectPlainly()) {
            assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThan(100); // an alert
            assertRefused(echo);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverGivesUpAPeerThatStopsInTheMiddle(boolean names) throws Exception {
        try (var echo = TlsHost.echo(server(names).handshakeTimeout(SHORT));
                var peer = echo.connectPlainly()) {
            peer.getOutputStream().write(HexFormat.of().parseHex("1603010100010000"));
            assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThan(100);
            assertRefused(echo);
        }
    }

    /** The time limit here is longer than the test's. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerThatEndsInTheHandshakeIsNotWaitedFor(boolean names) throws Exception {
        try (var echo = TlsHost.echo(server(names).handshakeTimeout(Duration.ofDays(1)));
                var peer = echo.connectPlainly()) {
            peer.shutdownOutput();
            assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThan(100);
            assertRefused(echo);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerThatResetsInTheHandshakeIsNotWaitedFor(boolean names) throws Exception {
        try (var echo = TlsHost.echo(server(names).handshakeTimeout(Duration.ofDays(1)))) {
            var peer = echo.connectPlainly();
            peer.setSoLinger(true, 0);
            peer.close();
            await().atMost(TlsHost.PATIENCE).until(() -> echo.server.connectionCount() == 0);
            assertRefused(echo);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void plainTextIsRefused(boolean names) throws Exception {
        try (var echo = TlsHost.echo(server(names));
                var peer = echo.connectPlainly()) {
            peer.getOutputStream()
                    .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThan(100);
            assertRefused(echo);
        }
    }

    /** RFC 8996. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientOfAnOldVersionIsRefused(boolean names) throws Exception {
        String hello = "0302" + "11".repeat(32) + "00" + "0004c013002f" + "0100";
        String message = "0100%04x".formatted(hello.length() / 2) + hello;
        String record = "160301%04x".formatted(message.length() / 2) + message;
        try (var echo = TlsHost.echo(server(names));
                var peer = echo.connectPlainly()) {
            peer.getOutputStream().write(HexFormat.of().parseHex(record));
            byte[] alert = peer.getInputStream().readAllBytes();

            assertThat(alert).hasSize(7);
            assertThat(alert[0]).isEqualTo((byte) 21); // an alert
            assertThat(alert[6]).isEqualTo((byte) 70); // protocol_version
            assertRefused(echo);
        }
    }

    @Test
    void clientGivesUpASilentServer() throws Exception {
        try (var echo = TlsHost.echo(server());
                var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = silent.getLocalSocketAddress();
            var tls = client().handshakeTimeout(SHORT).build();
            assertThatThrownBy(
                            () ->
                                    echo.group
                                            .next()
                                            .call(() -> new Connector().tls(tls).connect(address)))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("timed out");
            var patient = client().build();
            assertThatThrownBy(
                            () ->
                                    echo.group
                                            .next()
                                            .call(
                                                    () ->
                                                            new Connector()
                                                                    .timeout(SHORT)
                                                                    .tls(patient)
                                                                    .connect(address)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("within PT0.2S");
        }
    }

    @Test
    void clientOfAServerThatEndsInTheHandshakeDoesNotWait() throws Exception {
        try (var echo = TlsHost.echo(server());
                var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = listener.getLocalSocketAddress();
            var tls = client().handshakeTimeout(Duration.ofDays(1)).build();
            var connecting = echo.group.spawn(() -> new Connector().tls(tls).connect(address));
            try (var peer = listener.accept()) {
                peer.shutdownOutput();
                assertThat(connecting.join(TlsHost.PATIENCE)).isTrue();
                assertThat(connecting.exception())
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("the peer closed the connection");
            }
        }
    }

    /** It is not handled, it is closed, and nobody is alarmed. */
    private void assertRefused(TlsHost host) {
        await().atMost(TlsHost.PATIENCE).until(() -> host.server.connectionCount() == 0);
        assertThat(host.handled()).isZero();
        assertThat(log.messages()).isEmpty(); // at level warn and above
    }
}
