package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.testing.Site;
import io.weft.http.websocket.WebSocket;
import io.weft.http.websocket.WebSocketSettings;
import io.weft.net.Tls;
import io.weft.sync.Event;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSocket;

/**
 * Clients that reset their connection, at every stage of its life: nothing stays behind, be it a
 * connection, a coroutine, a timer, a descriptor or (see {@code LeakGuard}) a buffer, and nothing
 * of it is worth a line in the log.
 */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, with their line ends
class ResetTest {
    /** Enough to hit both sides of a race. */
    private static final int MANY = 30;

    /** The same, of what takes a handshake. */
    private static final int SOME = 10;

    private static final String HEAD = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

    private static final String V1 = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";
    private static final String V2 =
            latin1(
                    HexFormat.of()
                            .parseHex(
                                    "0d0a0d0a000d0a515549540a2111000f"
                                            + "c0000201c0000202126701bbe00000"));

    /** What a client has sent, and has seen of the answer, when it resets. */
    @SuppressWarnings("ImmutableEnumChecker") // its lists are
    enum Stage {
        NOTHING("", ""),
        HALF_A_HEAD("GET /hello HTTP/1.1\r\nHo", ""),
        HEAD_ONLY(HEAD, ""),
        ANSWERED(HEAD, "hello"),
        SECOND_HEAD_BEGUN(HEAD + "GE", "hello"),
        PIPELINED(HEAD.repeat(50), "hello"),
        BROKEN_HEAD("GET / HTTP/1.1\r\n broken\r\n\r\n", ""),
        HALF_A_BODY("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\nabc", ""),
        HALF_A_CHUNK(
                "POST /body HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3\r\n"
                        + "abc\r\n"
                        + "ff",
                ""),
        BODY_NOT_READ(
                "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
                        + "x".repeat(100_000),
                ""),
        CONTINUED(
                "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n"
                        + "Expect: 100-continue\r\n\r\n",
                "100 Continue"),
        IN_THE_HANDLER("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", ""),
        IN_THE_HANDLER_WITH_A_BODY(
                "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
                        + "x".repeat(50_000),
                ""),
        STREAMED("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", "stream"),
        LARGE("GET /large HTTP/1.1\r\nHost: a\r\n\r\n", "large"),
        FILE("GET /file HTTP/1.1\r\nHost: a\r\n\r\n", "file"),
        UPGRADE_ONLY(UPGRADE, ""),
        UPGRADED(UPGRADE, "\r\n\r\n"),
        HALF_A_FRAME(UPGRADE + "|\u0081\u0085\0\0\0\0he", "\r\n\r\n"),
        HALF_A_MESSAGE(UPGRADE + "|\u0001\u0085\0\0\0\0hello\u0000\u0081\0\0\0\0!", "\r\n\r\n"),
        FRAMES_NOT_READ(
                UPGRADE
                        + "|"
                        + "\u0081\u0085\0\0\0\0sleep"
                        + "\u0081\u0085\0\0\0\0hello".repeat(99),
                "\r\n\r\n"),
        BROKEN_FRAME(UPGRADE + "|\u00ff\u0085\0\0\0\0hello", "\r\n\r\n"),
        FLOOD_OF_PINGS(UPGRADE + "|" + "\u0089\u0085\0\0\0\0hello".repeat(999), "\r\n\r\n"),
        CLOSE_SENT(UPGRADE + "|\u0088\u0082\0\0\0\0\u0003\u00e8", "\r\n\r\n"),
        CLOSE_ANSWERED(UPGRADE + "|\u0081\u0083\0\0\0\0bye|", "\r\n\r\n", "bye");

        private final List<String> sent;
        private final List<String> awaited;

        /** What is sent between bars, each when what it waits for has come. */
        Stage(String sent, String... awaited) {
            this.sent = List.of(sent.split("\\|", -1));
            this.awaited = List.of(awaited);
        }

        void play(Socket socket) throws IOException {
            for (int i = 0; i < Math.max(sent.size(), awaited.size()); i++) {
                write(socket, i < sent.size() ? sent.get(i) : "");
                await(socket.getInputStream(), i < awaited.size() ? awaited.get(i) : "");
            }
        }

        private static void await(InputStream in, String awaited) throws IOException {
            var seen = new StringBuilder();
            while (seen.indexOf(awaited) < 0) {
                int next = in.read();
                assertThat(next).as("%s after %s", awaited, seen).isNotNegative();
                seen.append((char) next);
            }
        }
    }

    @TempDir private static Path folder;

    private static Tls tls;
    private static SSLContext context;
    private static Path file;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io");
    private final Event gone = new Event();

    @BeforeAll
    static void prepare() throws Exception {
        file =
                Files.write(
                        folder.resolve("file"),
                        "file".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
        tls = Tls.server().certificate(copied("localhost.pem"), copied("localhost.key")).build();
        context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        warmUp();
    }

    /** What is opened once and for all, as by a library that is loaded, is open before. */
    private static void warmUp() throws Exception {
        var site = new Site((request, response) -> response.send("x"), each -> each.tls(tls));
        try (site) {
            secure(site.connect(), "TLSv1.3").close();
            secure(site.connect(), "TLSv1.2").close();
        }
    }

    @BeforeEach
    void record() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void forget() {
        logger.setAdditive(true);
        logger.detachAppender(log);
    }

    private void handle(Request request, Response response) throws Exception {
        switch (request.path()) {
            case "/hello" -> response.send("hello");
            case "/body" -> response.send(request.body().readAllBytes());
            case "/wait" -> {
                gone.await();
                response.send("late");
            }
            case "/stream" -> {
                for (; ; ) {
                    response.body().write("stream".getBytes(StandardCharsets.US_ASCII));
                    response.body().flush();
                }
            }
            case "/large" -> response.send("large".repeat(1 << 20));
            case "/file" -> response.sendFile(file, 0, Files.size(file));
            default ->
                    WebSocket.accept(
                            request,
                            response,
                            WebSocketSettings.DEFAULT.compression(true),
                            socket -> {
                                for (var each = socket.receive();
                                        each != null;
                                        each = socket.receive()) {
                                    socket.send(each);
                                    if (each.text().equals("bye")) {
                                        socket.close();
                                    }
                                    if (each.text().equals("sleep")) {
                                        gone.await();
                                    }
                                }
                            });
        }
    }

    private interface Client {
        void reset(Site site) throws Exception;
    }

    private void reset(int times, UnaryOperator<HttpServerBuilder> settings, Client client)
            throws Exception {
        int before = descriptors();
        try (var site = new Site(this::handle, settings)) {
            for (int i = 0; i < times; i++) {
                client.reset(site);
            }
            gone.set();
            await().atMost(Site.PATIENCE).until(() -> site.server.connectionCount() == 0);
        }
        await().atMost(Site.PATIENCE).until(() -> descriptors() <= before);
        assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage)).isEmpty();
    }

    private static int descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    private void reset(Site site, String... sent) throws IOException {
        var socket = site.connect();
        for (String each : sent) {
            write(socket, each);
        }
        Site.reset(socket);
    }

    @ParameterizedTest
    @EnumSource
    void plain(Stage stage) throws Exception {
        reset(
                MANY,
                builder -> builder,
                site -> {
                    var socket = site.connect();
                    stage.play(socket);
                    Site.reset(socket);
                });
    }

    @ParameterizedTest
    @EnumSource
    void behindAProxy(Stage stage) throws Exception {
        reset(
                MANY,
                builder -> builder.proxyProtocol(true),
                site -> {
                    var socket = site.connect();
                    write(socket, V1);
                    stage.play(socket);
                    Site.reset(socket);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void inTheHeaderOfAProxy(String version) throws Exception {
        String header = version.equals("1") ? V1 : V2;
        reset(
                SOME,
                builder -> builder.proxyProtocol(true),
                site -> {
                    for (int length = 0; length <= header.length(); length++) {
                        reset(site, header.substring(0, length));
                    }
                    reset(site, header + HEAD);
                });
    }

    @ParameterizedTest
    @EnumSource
    void overTls12(Stage stage) throws Exception {
        overTls("TLSv1.2", stage);
    }

    @ParameterizedTest
    @EnumSource
    void overTls13(Stage stage) throws Exception {
        overTls("TLSv1.3", stage);
    }

    private void overTls(String protocol, Stage stage) throws Exception {
        reset(
                SOME,
                builder -> builder.tls(tls),
                site -> {
                    var plain = site.connect();
                    stage.play(secure(plain, protocol));
                    Site.reset(plain);
                });
    }

    private static Socket secure(Socket plain, String protocol) throws IOException {
        var secure =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), true);
        secure.setEnabledProtocols(new String[] {protocol});
        secure.startHandshake();
        return secure;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void inTheHandshake(String protocol) throws Exception {
        for (boolean proxy : new boolean[] {false, true}) {
            reset(
                    2,
                    builder -> builder.tls(tls).proxyProtocol(proxy),
                    site -> {
                        for (int flight = 0; flight < 2; flight++) {
                            for (int eighths = 0; eighths <= 8; eighths++) {
                                var socket = site.connect();
                                write(socket, proxy ? V1 : "");
                                handshake(protocol, socket, flight, eighths);
                                Site.reset(socket);
                            }
                        }
                    });
        }
    }

    /** Sends its flights up to so much of the last. */
    private static void handshake(String protocol, Socket socket, int last, int eighths)
            throws Exception {
        SSLEngine engine = context.createSSLEngine("localhost", socket.getPort());
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {protocol});
        engine.beginHandshake();
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        var nothing = ByteBuffer.allocate(0);
        var sink = ByteBuffer.allocate(1 << 16);
        for (int flight = 0; ; flight++) {
            var out = ByteBuffer.allocate(1 << 16);
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(nothing, out);
            }
            int length = flight < last ? out.position() : out.position() * eighths / 8;
            socket.getOutputStream().write(out.array(), 0, length);
            if (flight == last) {
                return;
            }
            while (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    default -> {
                        in.flip();
                        var result = engine.unwrap(in, sink);
                        in.compact();
                        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                            int count =
                                    socket.getInputStream()
                                            .read(in.array(), in.position(), in.remaining());
                            assertThat(count).isPositive();
                            in.position(in.position() + count);
                        }
                    }
                }
            }
        }
    }

    private static void write(Socket socket, String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Out of the test kit's jar. */
    private static Path copied(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (var in = Site.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }
}
