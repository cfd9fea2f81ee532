package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.http.Raw;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.tools.ToolProvider;

/** Options do what they say, here written in a configuration file under their names. */
class OptionsTest {
    private static final String REQUEST = "GET /status/204 HTTP/1.0\r\n\r\n";

    @TempDir private Path folder;

    private HttpProcess start(List<String> options, String... arguments) throws IOException {
        Path file = Files.write(folder.resolve("weft.properties"), options);
        var all = new String[arguments.length + 2];
        all[0] = "--config";
        all[1] = file.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return HttpProcess.start(folder, List.of(), List.of(), all);
    }

    @Test
    void eachLimitHasItsStatus() throws Exception {
        try (var server =
                start(
                        List.of(
                                "bind = 127.0.0.1:0",
                                "backlog = 16",
                                "limit-request-line = 60",
                                "limit-request-fields = 3",
                                "limit-request-field-size = 40",
                                "limit-request-body = 5",
                                "timeout = 5s",
                                "keep-alive = 1s"))) {
            assertStatus(server, 414, "GET /" + "x".repeat(60) + " HTTP/1.0\r\n\r\n");
            assertStatus(server, 431, "GET / HTTP/1.0\r\n" + "X: y\r\n".repeat(4) + "\r\n");
            assertStatus(server, 431, "GET / HTTP/1.0\r\nX: " + "y".repeat(50) + "\r\n\r\n");
            assertStatus(server, 413, "POST /post HTTP/1.0\r\nContent-Length: 6\r\n\r\nabcdef");
            assertStatus(server, 503, "GET /delay/9 HTTP/1.0\r\n\r\n");
            // who may ask for more is let go of after its time, or this would never return
            assertStatus(server, 204, "GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(server.stop()).isZero();
        }
    }

    private static void assertStatus(HttpProcess server, int status, String request)
            throws IOException {
        assertThat(server.ask(request)).as(request).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void eachListenerHasItsLine() throws Exception {
        Path socket = folder.resolve("weft.sock");
        try (var server = start(List.of("bind = 127.0.0.1:0,127.0.0.1:0,unix:" + socket))) {
            Path output = folder.resolve("stdout");
            await().atMost(HttpProcess.PATIENCE).until(() -> HttpProcess.lines(output).size() == 3);
            List<String> lines = HttpProcess.lines(output);
            assertThat(lines).allMatch(line -> line.endsWith(", 1 loop)"));
            assertThat(lines.get(1)).startsWith("listening on http://127.0.0.1:");
            assertThat(lines.get(2)).startsWith("listening on unix:" + socket + " (");
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            int second = Integer.parseInt(lines.get(1).replaceAll(".*127.0.0.1:| .*", ""));
            try (var other = new Socket("127.0.0.1", second)) {
                other.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                assertThat(other.getInputStream().readNBytes(12)).asString().endsWith(" 204");
            }
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
                var answer = ByteBuffer.allocate(12);
                while (answer.hasRemaining() && channel.read(answer) >= 0) {}
                assertThat(answer.array()).asString().endsWith(" 204");
            }
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void onlyNamedProxiesAreBelieved() throws Exception {
        String ask = "GET /ip HTTP/1.0\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";
        try (var server = start(List.of("bind = 127.0.0.1:0"))) { // the loopback by default
            assertThat(server.ask(ask)).contains("203.0.113.9");
        }
        var nobody = List.of("bind = 127.0.0.1:0", "forwarded-allow-ips = 192.0.2.1");
        try (var server = start(nobody)) {
            assertThat(server.ask(ask)).contains("127.0.0.1").doesNotContain("203.0.113.9");
        }
    }

    @Test
    void filesAreServedCompressedBehindAProxyThatSaysForWhom() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("a.txt"), "weft ".repeat(1000));
        Path access = folder.resolve("access");
        try (var server =
                start(
                        List.of(
                                "bind = 127.0.0.1:0",
                                "dir = " + files,
                                "compress = true",
                                "proxy-protocol = true",
                                "proxy-allow-from = 127.0.0.1",
                                "access-logfile = " + access,
                                "access-logformat = %(h)s %(s)s %({content-encoding}o)s"))) {
            String answer =
                    server.ask(
                            """
                            PROXY TCP4 192.0.2.7 192.0.2.2 4711 80
                            GET /a.txt HTTP/1.0
                            Accept-Encoding: gzip

                            """
                                    .replace("\n", "\r\n"));
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("gzip");
            assertThat(answer.length()).isLessThan(1000);
            assertThat(server.stop()).isZero();
        }
        assertThat(access).hasContent("192.0.2.7 200 gzip\n");
    }

    /** TLS 1.1 and older are answered by an alert (RFC 8446 section 6.2: protocol_version, 70). */
    @Test
    void secureServerSpeaksHttp11OverNewTlsOnly() throws Exception {
        copy("localhost.pem");
        copy("localhost.key");
        try (var server =
                start(
                        List.of(
                                "bind = 127.0.0.1:0",
                                "certfile = " + folder.resolve("localhost.pem"),
                                "keyfile = " + folder.resolve("localhost.key")))) {
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                try (var socket = secure(server.port(), version)) {
                    assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                    socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().readNBytes(12))
                            .asString()
                            .isEqualTo("HTTP/1.1 204");
                }
            }
            String hello = "0302" + "00".repeat(32) + "00" + "0004002f000a" + "0100";
            String message = "010000" + HexFormat.of().toHexDigits((byte) (hello.length() / 2));
            byte[] body = HexFormat.of().parseHex(message + hello);
            byte[] head = {0x16, 3, 1, 0, (byte) body.length};
            try (var socket = server.connect()) {
                socket.getOutputStream().write(head);
                socket.getOutputStream().write(body);
                byte[] alert = socket.getInputStream().readNBytes(7);
                assertThat(alert[0]).isEqualTo((byte) 0x15);
                assertThat(alert[6]).isEqualTo((byte) 70);
            }
            assertThat(server.stop()).isZero();
        }
    }

    private static SSLSocket secure(int port, String version) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout((int) HttpProcess.PATIENCE.toMillis());
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private void copy(String name) throws IOException {
        try (var in = Raw.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, folder.resolve(name));
        }
    }

    @Test
    void connectionsOfALoopAreLimited() throws Exception {
        var options = List.of("bind = 127.0.0.1:0", "worker-connections = 1", "keep-alive = 30s");
        String ask = "GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n";
        try (var server = start(options);
                var first = server.connect()) {
            first.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
            assertThat(first.getInputStream().readNBytes(12)).asString().endsWith(" 204");
            try (var second = server.connect()) { // waits in the kernel
                second.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 20; i++) {
                    first.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
                    assertThat(first.getInputStream().read()).isPositive();
                }
                assertThat(second.getInputStream().available()).isZero();
                first.shutdownOutput();
                assertThat(second.getInputStream().readNBytes(12)).asString().endsWith(" 204");
            }
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void portIsSharedWithThoseWhoShareIt() throws Exception {
        assumeThat(System.getProperty("weft.transport")).isNotEqualTo("nio");
        try (var first = start(List.of("bind = 127.0.0.1:0", "reuse-port = true"))) {
            String address = "127.0.0.1:" + first.port();
            Path other = Files.createDirectory(folder.resolve("other"));
            try (var second =
                    HttpProcess.start(other, List.of("-b", address), List.of(), "--reuse-port")) {
                assertThat(second.port()).isEqualTo(first.port());
                assertThat(first.stop()).isZero();
                assertThat(second.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
                assertThat(second.stop()).isZero();
            }
        }
    }

    @Test
    void termLetsRequestsEnd() throws Exception {
        try (var server = start(List.of("bind = 127.0.0.1:0"));
                var socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            "GET /drip?numbytes=5&duration=2 HTTP/1.1\r\nHost: a\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H'); // it is under way
            assertThat(server.stop()).isZero();
            assertThat(socket.getInputStream().readAllBytes()).asString().endsWith("*****");
        }
    }

    @Test
    void gracefulTimeoutEndsThemAll() throws Exception {
        try (var server = start(List.of("bind = 127.0.0.1:0", "graceful-timeout = 100ms"));
                var socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            "GET /drip?numbytes=60&duration=60 HTTP/1.1\r\nHost: a\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void applicationComesFromTheClassPath() throws Exception {
        compileHello();
        Path empty = Files.createDirectory(folder.resolve("empty"));
        var options = List.of("bind = 127.0.0.1:0", "class-path = " + empty + ":" + folder);
        try (var server = start(options, "Hello")) {
            assertThat(server.ask("GET / HTTP/1.0\r\nX_Y: z\r\n\r\n"))
                    .endsWith("\r\n\r\nfrom afar");
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void headerMapRefusesUnderscores() throws Exception {
        compileHello();
        var options =
                List.of("bind = 127.0.0.1:0", "class-path = " + folder, "header-map = refuse");
        try (var server = start(options, "Hello")) {
            assertStatus(server, 200, "GET / HTTP/1.0\r\nX-Y: z\r\n\r\n");
            assertStatus(server, 400, "GET / HTTP/1.0\r\nX_Y: z\r\n\r\n");
            assertThat(server.stop()).isZero();
        }
    }

    private void compileHello() throws IOException {
        Path source =
                Files.writeString(
                        folder.resolve("Hello.java"),
                        """
                        public class Hello implements io.weft.http.wsgi.Application {
                            @Override
                            public Iterable<byte[]> call(
                                    java.util.Map<String, Object> environ,
                                    io.weft.http.wsgi.StartResponse startResponse)
                                    throws Exception {
                                startResponse.start("200 OK", java.util.List.of());
                                return java.util.List.of("from afar".getBytes());
                            }
                        }
                        """);
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                folder.toString(),
                                source.toString());
        assertThat(compiled).isZero();
    }
}
