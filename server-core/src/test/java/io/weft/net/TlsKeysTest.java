package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/** Keys in the forms that openssl writes, and the order of certificates. */
class TlsKeysTest {
    @TempDir private Path directory;

    private static TlsBuilder server(String name) {
        return Tls.server().certificate(Certificates.chain(name), Certificates.key(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "curve", "edwards"})
    void keyIsTaken(String name) throws Exception {
        try (var echo = TlsHost.echo(server(name));
                var connection = echo.connect(Tls.client().insecure(), "localhost")) {
            connection.write("hello");
            connection.flush();
            assertThat(connection.readExactly(5))
                    .isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
            var shown = (X509Certificate) connection.tlsSession().getPeerCertificates()[0];
            assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypted", "encryptedrsa"})
    void encryptedKeyIsRefusedWithTheCommandThatDecryptsIt(String name) {
        Path key = Certificates.key(name);
        assertThatThrownBy(() -> server(name).build())
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "expected a private key in PKCS#8, PKCS#1 or SEC1 in %s, but got one that"
                                + " is encrypted: 'openssl pkey -in %1$s -out new.key' makes one"
                                + " of it",
                        key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DSA PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    void keyOfAnotherKindIsNamed(String label) throws Exception {
        assertKeyRefused(
                "-----BEGIN " + label + "-----\nAAAA\n-----END " + label + "-----\n",
                "but got " + label);
    }

    @Test
    void damagedKeyOfAnOldFormIsRefused() throws Exception {
        for (String name : new String[] {"rsa", "curve"}) {
            String whole = Files.readString(Certificates.key(name));
            int begin = whole.indexOf(" PRIVATE KEY-----\n") + 18;
            for (int cut = 0; cut < 60; cut++) {
                String damaged = whole.substring(0, begin + cut) + whole.substring(begin + cut + 4);
                assertKeyRefused(damaged, "");
            }
            int end = whole.lastIndexOf("-----END");
            for (int left = 0; left < 60; left++) {
                assertKeyRefused(whole.substring(0, begin + left) + whole.substring(end), "");
            }
        }
        assertKeyRefused("", "expected a private key");
        assertKeyRefused(
                "-----BEGIN EC PRIVATE KEY-----\nMAUCAQEEAA==\n-----END EC PRIVATE KEY-----\n",
                "it does not name its curve");
    }

    private void assertKeyRefused(String text, String message) throws IOException {
        Path key = Files.writeString(directory.resolve("bad.key"), text);
        assertThatThrownBy(
                        () ->
                                Tls.server()
                                        .certificate(Certificates.chain("localhost"), key)
                                        .build())
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(key.toString(), message)
                .hasMessageNotContainingAny("\n", "null");
    }

    @Test
    void certificatesThatLeadToAnAuthorityAreTakenInThatOrderOnly() throws Exception {
        chain("localhost", "ca");
        assertChainRefused("but it is number 2", "ca", "localhost");
        assertChainRefused("but it is number 3", "stranger", "ca", "localhost");
        assertChainRefused(
                "expected the certificate of 'CN=ca' as number 2", "localhost", "stranger");
        assertChainRefused("expected the key of", "stranger", "ca");
    }

    private void assertChainRefused(String message, String... names) throws IOException {
        assertThatThrownBy(() -> chain(names))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(directory.resolve("chain.pem").toString(), message)
                .hasMessageNotContainingAny("\n", "null");
    }

    private void chain(String... names) throws IOException {
        var all = new StringBuilder();
        for (String name : names) {
            all.append(Files.readString(Certificates.chain(name)));
        }
        Path chain = Files.writeString(directory.resolve("chain.pem"), all);
        Tls.server().certificate(chain, Certificates.key("localhost")).build();
    }
}
