package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.LoopGroup;
import io.weft.http.Raw;
import io.weft.http.server.HttpServer;
import io.weft.net.Tls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

/** Over TLS, where a file cannot go from kernel to kernel. */
class SecureTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: test\r\n";

    @TempDir private Path directory;

    @Test
    void fileIsSentAndTheConnectionStays() throws Exception {
        String large = "0123456789".repeat(30_000);
        Path file = Files.writeString(directory.resolve("file"), large);
        var tls = Tls.server().certificate(copied("localhost.pem"), copied("localhost.key"));
        try (var group = LoopGroup.create(1);
                var server =
                        HttpServer.builder(
                                        (request, response) -> {
                                            assertThat(request.scheme()).isEqualTo("https");
                                            response.sendFile(file, 5, 200_000);
                                        })
                                .listen("127.0.0.1:0")
                                .group(group)
                                .tls(tls.build())
                                .bind()) {
            String expected = large.substring(5, 200_005);
            String all = exchange(server, REQUEST + "\r\n" + REQUEST + "Connection: close\r\n\r\n");
            assertThat(all).contains("\r\nContent-Length: 200000\r\n").endsWith(expected);
            assertThat(all.split("HTTP/1.1 200 OK\r\n", -1)).hasSize(3);
            assertThat(all.indexOf("\r\n\r\n" + expected + "HTTP/1.1 200 OK")).isPositive();
        }
    }

    private static String exchange(HttpServer server, String requests) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        int port = ((InetSocketAddress) server.address()).getPort();
        try (var socket = context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout((int) Raw.PATIENCE.toMillis());
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Out of the test kit's jar. */
    private Path copied(String name) throws IOException {
        Path copy = directory.resolve(name);
        try (var in = Raw.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }
}
