package io.weft.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold no certificate or key are refused in one line that names the file. */
class TlsFilesTest {
    private static final Path CHAIN = Certificates.chain("localhost");
    private static final Path KEY = Certificates.key("localhost");

    @TempDir private Path directory;

    private static void assertRefused(ThrowingCallable build, String... parts) {
        assertThatThrownBy(build)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContainingAny("\n", "null");
    }

    @Test
    void missingFiles() {
        Path missing = directory.resolve("missing.pem");
        String message = "cannot read " + missing;
        assertRefused(() -> Tls.server().certificate(missing, KEY).build(), message);
        assertRefused(() -> Tls.server().certificate(CHAIN, missing).build(), message);
        assertRefused(() -> Tls.client().trust(missing).build(), message);
        assertRefused(
                () ->
                        Tls.server()
                                .certificate(CHAIN, KEY)
                                .certificateFor("other.example", missing, KEY)
                                .build(),
                message);
    }

    @Test
    void filesOfAnotherKind() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        assertRefused(() -> Tls.server().certificate(empty, KEY).build(), empty.toString());
        assertRefused(() -> Tls.server().certificate(CHAIN, empty).build(), empty.toString());
        assertRefused(() -> Tls.client().certificate(empty, KEY).build(), empty.toString());
        assertRefused(() -> Tls.client().trust(empty).build(), empty.toString());
        assertRefused(() -> Tls.server().certificate(KEY, CHAIN).build(), KEY.toString());
    }

    @Test
    void damagedCertificateAndKey() throws Exception {
        Path chain = damaged(CHAIN, "damaged.pem");
        Path key = damaged(KEY, "damaged.key");
        assertRefused(() -> Tls.server().certificate(chain, KEY).build(), chain.toString());
        assertRefused(() -> Tls.server().certificate(CHAIN, key).build(), key.toString());
        assertRefused(() -> Tls.client().trust(chain).build(), chain.toString());
    }

    private Path damaged(Path whole, String name) throws IOException {
        var lines = Files.readAllLines(whole);
        lines.remove(1);
        return Files.write(directory.resolve(name), lines);
    }

    @Test
    void serverWithoutACertificate() {
        assertThatThrownBy(() -> Tls.server().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a TLS server needs a certificate and its key");
    }
}
