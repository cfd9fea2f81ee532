package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.LoopGroup;
import io.weft.http.Router;
import io.weft.http.demo.Demo;
import io.weft.http.server.HttpServer;
import io.weft.http.websocket.WebSocket;
import io.weft.net.Tls;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Weft's own servers, with and without TLS, in both modes. */
@ParameterizedClass
@EnumSource(Mode.class)
class WeftServersTest {
    private final Mode mode;
    private final LoopGroup group = LoopGroup.create(1);

    @TempDir private Path folder;

    WeftServersTest(Mode mode) {
        this.mode = mode;
    }

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void theDemoAnswers() throws Exception {
        try (var server = demo(false)) {
            String url = "http://" + at(server.address());
            good(url + "/plaintext", "--expect-body=Hello,_World! --pipeline 8", 12);
            good(url + "/status/418", "--expect-status 418", 12);
            good(url + "/post", "--body hello", 12);
            good(url + "/stream/20", "--expect-status 200", 12);
        }
    }

    @Test
    void theDemoAnswersByTls() throws Exception {
        try (var server = demo(true)) {
            good("https://" + at(server.address()) + "/get", "--insecure", 12);
        }
    }

    @Test
    void withoutKeepAliveTheDemoClosesAndAllIsWell() throws Exception {
        try (var server = demo(true)) {
            String url = "https://" + at(server.address()) + "/get";
            var load = good(url, "--insecure --no-keep-alive", 12);
            assertThat(load.line("connections")).isEqualTo("connections  12 made, 0 failed");
        }
    }

    @Test
    void aCertificateThatNobodyBelievesIsAFailure() throws Exception {
        try (var server = demo(true)) {
            var load = load("https://" + at(server.address()) + "/get", "");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.out())
                    .contains("             3: cannot connect: ", "valid certification path");
        }
    }

    @Test
    void webSocketsEcho() throws Exception {
        try (var server = demo(false)) {
            String url = "ws://" + at(server.address()) + "/websocket/echo";
            good(url, "", 12);
            good(url, "--size 300000", 12);
            good(url, "--size 1 --print", 12);
        }
    }

    @Test
    void webSocketsEchoByTls() throws Exception {
        try (var server = demo(true)) {
            good("wss://" + at(server.address()) + "/websocket/echo", "--insecure", 12);
        }
    }

    @Test
    void aPathWithoutWebSocketIsAFailure() throws Exception {
        try (var server = demo(false)) {
            var load = load("ws://" + at(server.address()) + "/get", "");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.out())
                    .contains("             3: cannot connect: Invalid handshake response");
        }
    }

    @Test
    void aWrongWebSocketEchoIsAMismatch() throws Exception {
        var routes =
                new Router()
                        .get(
                                "/",
                                (request, response) ->
                                        WebSocket.accept(
                                                request,
                                                response,
                                                socket -> {
                                                    while (socket.receive() != null) {
                                                        socket.send("hello 1 and more");
                                                    }
                                                }));
        try (var server = HttpServer.builder(routes).listen("127.0.0.1:0").group(group).bind()) {
            var load = load("ws://" + at(server.address()), "");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.line("mismatches")).isEqualTo("mismatches   12");
            assertThat(load.out()).contains("sent \"hello 0\", got 16 bytes: \"hello 1 ");
        }
    }

    @Test
    void aWebSocketThatTheServerClosesIsAFailureWithItsCode() throws Exception {
        var closed = new AtomicInteger();
        var routes =
                new Router()
                        .get(
                                "/",
                                (request, response) ->
                                        WebSocket.accept(
                                                request,
                                                response,
                                                socket -> {
                                                    socket.receive();
                                                    closed.incrementAndGet();
                                                }));
        try (var server = HttpServer.builder(routes).listen("127.0.0.1:0").group(group).bind()) {
            var load = load("ws://" + at(server.address()), "");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.out()).contains("12: broke off: the server closed the WebSocket: 1000");
            assertThat(closed).hasValue(12);
        }
    }

    @Test
    void bytesEchoByTls() throws Exception {
        var tls = Tls.server().certificate(file("localhost.pem"), file("localhost.key")).build();
        try (var server =
                StreamServer.builder(
                                connection -> {
                                    for (byte[] data; (data = connection.read(1024)) != null; ) {
                                        connection.write(data);
                                    }
                                })
                        .listen("127.0.0.1:0")
                        .group(group)
                        .tls(tls)
                        .bind()) {
            good("tls://" + at(server.address()), "--insecure --size 100000", 12);
        }
    }

    private HttpServer demo(boolean secure) throws Exception {
        var builder = HttpServer.builder(Demo.handler()).listen("127.0.0.1:0").group(group);
        if (secure) {
            builder.tls(
                    Tls.server().certificate(file("localhost.pem"), file("localhost.key")).build());
        }
        return builder.bind();
    }

    private Invocation good(String target, String options, int replies) {
        var load = load(target, options);
        assertThat(load.exitCode()).as(load.out() + load.err()).isZero();
        assertThat(load.line("messages")).startsWith("messages     " + replies + " in ");
        assertThat(load.line("mismatches")).isEqualTo("mismatches   0");
        return load;
    }

    private Invocation load(String target, String options) {
        var common =
                Stream.of(
                        target, "--mode", mode.toString(), "--connections", "3", "--messages", "4");
        var more =
                Stream.of(options.split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(word -> word.replace('_', ' '));
        return Invocation.of(Stream.concat(common, more).toArray(String[]::new));
    }

    private static String at(SocketAddress address) {
        return "localhost:" + ((InetSocketAddress) address).getPort();
    }

    /** The test kit may be a jar, and TLS needs files. */
    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        try (var in = WeftServersTest.class.getResourceAsStream("/tls/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
