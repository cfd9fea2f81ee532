package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.http.EventStream;
import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.Router;
import io.weft.http.compression.Compression;
import io.weft.http.files.StaticFiles;
import io.weft.http.form.Part;
import io.weft.http.websocket.WebSocket;
import io.weft.http.wsgi.Application;
import io.weft.http.wsgi.Input;
import io.weft.http.wsgi.Wsgi;
import io.weft.net.Tls;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** What works over TCP works over TLS and over a unix socket too. */
class WaysTest {
    enum Way {
        TLS,
        UNIX
    }

    @TempDir private Path directory;
    private LoopGroup group;
    private HttpServer server;

    @BeforeEach
    void begin() {
        group = LoopGroup.create(2);
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
            await("the end of all connections, coroutines and timers")
                    .atMost(Raw.PATIENCE)
                    .untilAsserted(this::assertNothingLeft);
        }
        group.close();
    }

    private void assertNothingLeft() throws Exception {
        assertThat(server.connectionCount()).isZero();
        for (var loop : group.loops()) {
            assertThat(loop.call(loop::coroutines)).hasSize(1); // this call's own
            assertThat(loop.<Integer>call(loop::timerCount)).isZero();
        }
    }

    /** A client's two streams. */
    private record Peer(InputStream in, OutputStream out, Closeable socket) implements Closeable {
        Peer send(String bytes) throws IOException {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return this;
        }

        /** All up to that end. */
        String until(String end) throws IOException {
            var text = new StringBuilder();
            while (text.lastIndexOf(end) < 0 || !text.toString().endsWith(end)) {
                int next = in.read();
                assertThat(next).as("after " + text).isNotNegative();
                text.append((char) next);
            }
            return text.toString();
        }

        String rest() throws IOException {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Peer serve(Way way, Handler handler) throws Exception {
        var builder = HttpServer.builder(handler).group(group);
        if (way == Way.UNIX) {
            Path file = directory.resolve("weft.sock");
            server = builder.listen("unix:" + file).bind();
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
            return new Peer(
                    Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
        }
        var tls = Tls.server().certificate(copied("localhost.pem"), copied("localhost.key"));
        server = builder.listen("127.0.0.1:0").tls(tls.build()).bind();
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        int port = ((InetSocketAddress) server.address()).getPort();
        var socket = context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout((int) Raw.PATIENCE.toMillis());
        return new Peer(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    /** Out of the test kit's jar. */
    private Path copied(String name) throws IOException {
        Path copy = directory.resolve(name);
        try (var in = Raw.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    @ParameterizedTest
    @EnumSource
    void wsgiApplicationAnswers(Way way) throws Exception {
        Application application =
                (environ, startResponse) -> {
                    String scheme = (String) environ.get("wsgi.url_scheme");
                    startResponse.start("200 Fine", List.of(Map.entry("X-Scheme", scheme)));
                    var input = (Input) environ.get("wsgi.input");
                    return List.of(input.read());
                };
        try (var peer = serve(way, Wsgi.handler(application))) {
            for (int i = 0; i < 2; i++) {
                peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(peer.until("hello"))
                        .startsWith("HTTP/1.1 200 Fine\r\n")
                        .contains("X-Scheme: " + (way == Way.TLS ? "https" : "http") + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void filesAreServed(Way way) throws Exception {
        Path files = Files.createDirectory(directory.resolve("files"));
        String large = "0123456789".repeat(50_000);
        Files.writeString(files.resolve("large.txt"), large);
        try (var peer = serve(way, StaticFiles.of(files))) {
            String get = "GET /large.txt HTTP/1.1\r\nHost: a\r\n";
            peer.send(get + "\r\n").until("\r\n\r\n");
            assertThat(new String(peer.in.readNBytes(500_000), StandardCharsets.ISO_8859_1))
                    .isEqualTo(large);
            peer.send(get + "Range: bytes=10-14\r\n\r\n");
            assertThat(peer.until("\r\n\r\n")).startsWith("HTTP/1.1 206 ");
            assertThat(peer.in.readNBytes(5)).asString().isEqualTo("01234");
            peer.send("GET /../weft.sock HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(peer.rest()).startsWith("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void webSocketEchoes(Way way) throws Exception {
        Handler handler =
                (request, response) ->
                        WebSocket.accept(
                                request, response, socket -> socket.send(socket.receive()));
        try (var peer = serve(way, handler)) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n");
            peer.send("Connection: upgrade\r\nSec-WebSocket-Version: 13\r\n");
            peer.send("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(peer.until("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
            peer.send("\u0081\u0082\0\0\0\0hi"); // with a mask of zeros
            assertThat(peer.until("hi")).isEqualTo("\u0081\u0002hi");
            peer.send("\u0088\u0082\0\0\0\0\u0003\u00e8"); // 1000
            assertThat(peer.rest()).isEqualTo("\u0088\u0002\u0003\u00e8");
        }
    }

    @ParameterizedTest
    @EnumSource
    void formIsStreamed(Way way) throws Exception {
        Handler handler =
                (request, response) -> {
                    var form = request.multipart();
                    long bytes = 0;
                    for (Part part; (part = form.next()) != null; ) {
                        bytes += part.transferTo(OutputStream.nullOutputStream());
                    }
                    response.header("Connection", "close").send("got " + bytes);
                };
        String body =
                "--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n"
                        + "a".repeat(1_000_000)
                        + "\r\n--x--";
        try (var peer = serve(way, handler)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n");
            peer.send("Content-Type: multipart/form-data; boundary=x\r\n\r\n" + body);
            assertThat(peer.rest()).endsWith("\r\n\r\ngot 1000000");
        }
    }

    @ParameterizedTest
    @EnumSource
    void eventsEndWithTheClient(Way way) throws Exception {
        var ended = new CompletableFuture<Boolean>();
        Handler events =
                (request, response) -> {
                    try {
                        EventStream.of(response).send("one");
                        Weft.sleep(Duration.ofHours(1));
                    } finally {
                        ended.complete(true);
                    }
                };
        var routes = new Router().get("/", new Compression().before(events));
        try (var peer = serve(way, routes)) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            peer.until("data: one\n\n");
        }
        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
