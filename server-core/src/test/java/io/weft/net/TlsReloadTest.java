package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;

/** Certificates that are renewed while the server runs. */
class TlsReloadTest {
    @TempDir private Path directory;

    private Path chain;
    private Path key;

    @BeforeEach
    void begin() throws IOException {
        chain = directory.resolve("server.pem");
        key = directory.resolve("server.key");
        put("localhost");
    }

    private void put(String name) throws IOException {
        Files.copy(Certificates.chain(name), chain, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Certificates.key(name), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String shown(Connection connection) throws IOException {
        connection.write("x");
        connection.flush();
        assertThat(connection.readExactly(1)).isEqualTo("x".getBytes(StandardCharsets.US_ASCII));
        var session = connection.tlsSession();
        var certificate = (X509Certificate) session.getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void newHandshakesShowTheNewCertificate(boolean byName) throws Exception {
        var builder = Tls.server().certificate(chain, key);
        if (byName) {
            builder =
                    Tls.server()
                            .certificate(
                                    Certificates.chain("stranger"), Certificates.key("stranger"))
                            .certificateFor("a.example", chain, key);
        }
        Tls tls = builder.build();
        var client = Tls.client().insecure();
        try (var host = new TlsHost(tls, connection -> connection.transferTo(connection));
                var old = host.connect(client, "a.example")) {
            assertThat(shown(old)).isEqualTo("CN=localhost");
            put("other");
            try (var before = host.connect(client, "a.example")) {
                assertThat(shown(before)).isEqualTo("CN=localhost");
            }
            tls.reload();
            try (var after = host.connect(client, "a.example")) {
                assertThat(shown(after)).isEqualTo("CN=other");
            }
            assertThat(shown(old)).isEqualTo("CN=localhost"); // and still works
        }
    }

    @Test
    void badFilesChangeNothing() throws Exception {
        Tls tls = Tls.server().certificate(chain, key).build();
        try (var host = new TlsHost(tls, connection -> connection.transferTo(connection))) {
            Files.writeString(chain, "no certificate");
            assertThatThrownBy(tls::reload)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(chain.toString());
            Files.delete(chain);
            assertThatThrownBy(tls::reload).hasMessage("cannot read " + chain);
            try (var after = host.connect(Tls.client().insecure(), "localhost")) {
                assertThat(shown(after)).isEqualTo("CN=localhost");
            }
        }
    }

    @Test
    void halfRenewedPairIsRefused() throws Exception {
        Tls tls = Tls.server().certificate(chain, key).build();
        Files.copy(Certificates.chain("other"), chain, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(tls::reload)
                .isInstanceOf(IOException.class)
                .hasMessage("expected the key of " + chain + " in " + key);
        Files.copy(Certificates.key("other"), key, StandardCopyOption.REPLACE_EXISTING);
        tls.reload();
    }
}
