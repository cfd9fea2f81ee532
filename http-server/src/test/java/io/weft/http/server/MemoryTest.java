package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Router;
import io.weft.http.websocket.WebSocket;
import io.weft.sync.Event;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client can have a server hold is near what it has sent: a hundred of them, each with more
 * than is taken from one, do not end a JVM of 128 MB.
 */
class MemoryTest {
    private static final int CLIENTS = 100;
    private static final int SENT = 130_000;
    private static final String CHUNKED =
            " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<Socket> sockets = new ArrayList<>();
    private Process victim;
    private int port;

    /** The server, in its own JVM. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            var routes =
                    new Router()
                            .get("/ping", (request, response) -> response.send("pong"))
                            .get("/hold", (request, response) -> new Event().await())
                            .post("/hold", (request, response) -> new Event().await())
                            .post(
                                    "/read",
                                    (request, response) -> {
                                        request.bytes(1_000_000);
                                        response.send("read");
                                    })
                            .get(
                                    "/socket",
                                    (request, response) ->
                                            WebSocket.accept(
                                                    request,
                                                    response,
                                                    socket -> new Event().await()));
            try (var server = HttpServer.builder(routes).listen("127.0.0.1:0").bind()) {
                System.out.println(((InetSocketAddress) server.address()).getPort());
                server.serveForever();
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        var command = new ArrayList<>(ChildJvm.command(Victim.class));
        command.addAll(
                1,
                List.of(
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dio.netty.leakDetection.level=disabled"));
        victim = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        port = Integer.parseInt(victim.inputReader(StandardCharsets.UTF_8).readLine());
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        victim.destroyForcibly().onExit().join();
    }

    @Test
    void chunksOfOneByte() throws Exception {
        survives("POST /hold" + CHUNKED, "1\r\nx\r\n");
    }

    @Test
    void pipelinedRequests() throws Exception {
        survives("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n");
    }

    @Test
    void trailersWithoutAnEnd() throws Exception {
        survives("POST /read" + CHUNKED + "0\r\n", "a:\r\n");
    }

    @Test
    void foldedTrailersWithoutAnEnd() throws Exception {
        survives("POST /read" + CHUNKED + "0\r\na: b\r\n", " c\r\n");
    }

    @Test
    void headsWithoutAnEnd() throws Exception {
        survives("GET / HTTP/1.1\r\nHost: a\r\n", "X: " + "y".repeat(8_000) + "\r\n");
    }

    @Test
    void lineWithoutAnEnd() throws Exception {
        survives("GET / HTTP/1.1\r\nHost: a\r\nX: ", "y");
    }

    @Test
    void messagesOfOneByte() throws Exception {
        survives(handshake(), "\u0081\u0081\0\0\0\0x");
    }

    @Test
    void fragmentsOfOneByte() throws Exception {
        survives(handshake() + "\u0001\u0081\0\0\0\0x", "\0\u0081\0\0\0\0x");
    }

    private static String handshake() {
        return String.join(
                "\r\n",
                "GET /socket HTTP/1.1",
                "Host: a",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                "");
    }

    /** The WebSocket's frames come when the answer to the handshake has. */
    private void survives(String begin, String again) throws Exception {
        byte[] rest = again.repeat(SENT / again.length()).getBytes(StandardCharsets.ISO_8859_1);
        int head = begin.indexOf("\r\n\r\n") + 4;
        boolean upgrades = begin.startsWith("GET /socket");
        for (int i = 0; i < CLIENTS; i++) {
            Socket socket = connect();
            var out = socket.getOutputStream();
            String first = upgrades ? begin.substring(0, head) : begin;
            out.write(first.getBytes(StandardCharsets.ISO_8859_1));
            if (upgrades) {
                readHead(socket);
                out.write(begin.substring(head).getBytes(StandardCharsets.ISO_8859_1));
            }
            try {
                out.write(rest);
            } catch (IOException e) {
                // refused, and closed before all was sent
            }
        }
        for (int i = 0; i < 20; i++) {
            ping();
        }
        assertThat(victim.isAlive()).isTrue();
    }

    private Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        sockets.add(socket);
        return socket;
    }

    private static void readHead(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
    }

    private void ping() throws IOException {
        var socket = connect();
        String request = "GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                .endsWith("pong");
    }
}
