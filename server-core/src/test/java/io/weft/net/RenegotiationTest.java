package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** What a client can have a TLS server do before, and beside, sending it anything. */
class RenegotiationTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private static TlsBuilder server(boolean names) {
        var builder = Certificates.localhost(Tls.server());
        return names
                ? builder.certificateFor(
                        "other.example", Certificates.chain("other"), Certificates.key("other"))
                : builder;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void secondHandshakeIsRefused(boolean names) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (var echo = TlsHost.echo(server(names));
                var plain = echo.connectPlainly();
                var secure =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(plain, "localhost", echo.port(), true)) {
            secure.setEnabledProtocols(new String[] {"TLSv1.2"});
            secure.getOutputStream().write(HELLO);
            assertThat(secure.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            secure.startHandshake();
            assertThatThrownBy(
                            () -> {
                                secure.getOutputStream().write(HELLO);
                                secure.getInputStream().readNBytes(HELLO.length);
                            })
                    .isInstanceOf(IOException.class);
            assertThat(echo.handled()).isEqualTo(1);
        }
    }

    @Test
    void firstMessageIsKeptUpToALimit() throws Exception {
        try (var echo = TlsHost.echo(server(true));
                var socket = echo.connectPlainly()) {
            var out = socket.getOutputStream();
            var record = new byte[5 + (1 << 14)];
            record[0] = 22; // handshake
            record[1] = 3;
            record[2] = 1;
            record[3] = 0x40; // 16 KiB of it
            record[5] = 1; // client_hello
            record[6] = (byte) 0xff; // of nearly 16 MiB
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1000; i++) {
                                    out.write(record);
                                    record[5] = 0;
                                    record[6] = 0;
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }
}
