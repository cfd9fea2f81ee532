package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.LoopGroup;
import io.weft.http.Raw;
import io.weft.http.server.HttpServer;
import io.weft.http.testing.Site;
import io.weft.net.Tls;
import io.weft.net.TlsBuilder;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

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

    /**
     * In TLS 1.2 the client's farewell ends both ways, and the connection beneath is still there.
     */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientThatGivesUpWhileTheHandlerRunsIsNoNews(String version) throws Exception {
        var begun = new CountDownLatch(1);
        var ended = new CompletableFuture<Throwable>();
        var tls = Tls.server().certificate(copied("localhost.pem"), copied("localhost.key"));
        try (var log = LogRecorder.ofEverything();
                var site =
                        new Site(
                                (request, response) -> {
                                    begun.countDown();
                                    response.endWithClient();
                                    try {
                                        Thread.sleep(Duration.ofHours(1));
                                    } catch (InterruptedException e) {
                                        ended.complete(e);
                                    }
                                    response.send("to nobody");
                                },
                                builder -> builder.tls(tlsOf(tls)));
                var plain = site.connect()) {
            var socket = secure(plain, version);
            socket.getOutputStream().write((REQUEST + "\r\n").getBytes(StandardCharsets.UTF_8));
            begun.await();
            socket.close();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isNotNull();
            await().atMost(Site.PATIENCE).until(() -> site.server.connectionCount() == 0);
            assertThat(log.messages()).isEmpty();
        }
    }

    private static Tls tlsOf(TlsBuilder builder) {
        try {
            return builder.build();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLSocket secure(Socket plain, String version) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
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
