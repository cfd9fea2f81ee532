package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.LoopGroup;
import io.weft.ManualClock;
import io.weft.Select;
import io.weft.Weft;
import io.weft.http.EventStream;
import io.weft.http.Handler;
import io.weft.http.Raw;
import io.weft.http.Router;
import io.weft.http.h1.Http1;
import io.weft.http.testing.Answer;
import io.weft.http.testing.Site;
import io.weft.http.websocket.WebSocket;
import io.weft.net.Tls;
import io.weft.queue.Queue;
import io.weft.server.StreamServer;
import io.weft.sync.Event;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;

/**
 * What becomes of every kind of open connection when the server stops. Those that end by themselves
 * do so within a patience that no test would wait out, the others after a short one; nothing is
 * left, and nothing is logged.
 */
class StopTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int MUCH = 64 * 1024;

    /** How a connection is used when the server begins to stop. */
    enum Kind {
        FRESH("", Ends.SILENTLY),
        FRESH_AND_THEN_A_REQUEST("", Ends.BY_A_LAST_ANSWER) {
            @Override
            void afterwards(Socket socket) throws IOException {
                Site.send(socket, get("/plain"));
            }
        },
        IDLE(get("/plain"), Ends.SILENTLY) {
            @Override
            void before(Socket socket) throws IOException {
                assertThat(Site.read(socket).body()).isEqualTo("plain");
            }
        },
        IDLE_AND_THEN_A_REQUEST(get("/plain"), Ends.BY_A_LAST_ANSWER) {
            @Override
            void before(Socket socket) throws IOException {
                assertThat(Site.read(socket).body()).isEqualTo("plain");
            }

            @Override
            void afterwards(Socket socket) throws IOException {
                Site.send(socket, get("/plain"));
            }
        },
        HALF_A_HEAD("GET /plain HTT", Ends.BY_A_LAST_ANSWER) {
            @Override
            void afterwards(Socket socket) throws IOException {
                Site.send(socket, "P/1.1\r\nHost: a\r\n\r\n");
            }
        },
        HALF_A_BODY(
                "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab",
                Ends.BY_A_LAST_ANSWER) {
            @Override
            void afterwards(Socket socket) throws IOException {
                Site.send(socket, "cd");
            }
        },
        HALF_A_BODY_FOR_EVER(
                "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab", Ends.BY_THE_CUT),
        PIPELINED(get("/wait") + get("/plain"), Ends.BY_A_LAST_ANSWER),
        IN_A_HANDLER(get("/wait"), Ends.BY_A_LAST_ANSWER),
        IN_A_HANDLER_FOR_EVER(get("/ever"), Ends.BY_THE_CUT),
        STREAMING(get("/stream"), Ends.BY_THE_END_OF_ITS_STREAM),
        STREAMING_FOR_EVER(get("/streams"), Ends.BY_THE_CUT),
        EVENTS(get("/events"), Ends.BY_THE_END_OF_ITS_STREAM),
        EVENTS_OF_A_QUEUE(get("/queue"), Ends.BY_THE_END_OF_ITS_STREAM),
        LONG_POLL(get("/poll"), Ends.BY_A_LAST_ANSWER),
        LONG_POLL_THAT_ENDS_WITH_THE_SERVER(get("/interrupted"), Ends.BY_503),
        WEBSOCKET(upgrade("/echo"), Ends.BY_1001),
        WEBSOCKET_THAT_ONLY_SENDS(upgrade("/push"), Ends.BY_1001),
        WEBSOCKET_THAT_WAITS_FOR_BOTH(upgrade("/select"), Ends.BY_1001),
        WEBSOCKET_THAT_WAITS_FOR_SOMETHING_ELSE(upgrade("/else"), Ends.BY_1001),
        TLS_HANDSHAKE("", Ends.SILENTLY),
        PROXY_HEADER("PROXY TCP4 1", Ends.SILENTLY),
        SLOW_READER(get("/much"), Ends.BY_THE_CUT),
        SLOW_READER_OF_TLS("", Ends.BY_THE_CUT);

        final String request;
        final Ends ends;

        Kind(String request, Ends ends) {
            this.request = request;
            this.ends = ends;
        }

        /** What the client does before the stop. */
        void before(Socket socket) throws IOException {}

        /** And when the stop has begun. */
        void afterwards(Socket socket) throws IOException {}

        boolean isTls() {
            return this == TLS_HANDSHAKE || this == SLOW_READER_OF_TLS;
        }

        /** Whether it has a moment for what it asks afterwards, which here does not pass. */
        boolean asksAtTheLast() {
            return this == FRESH_AND_THEN_A_REQUEST || this == IDLE_AND_THEN_A_REQUEST;
        }

        boolean reachesAHandler() {
            return switch (this) {
                case FRESH, FRESH_AND_THEN_A_REQUEST, HALF_A_HEAD, TLS_HANDSHAKE, PROXY_HEADER ->
                        false;
                default -> true;
            };
        }
    }

    /** What the client sees. */
    enum Ends {
        SILENTLY,
        BY_A_LAST_ANSWER,
        BY_503,
        BY_THE_END_OF_ITS_STREAM,
        BY_1001,
        BY_THE_CUT
    }

    @TempDir private Path folder;
    private final Event begun = new Event();
    private final Event mayAnswer = new Event();

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String upgrade(String path) {
        return "GET "
                + path
                + " HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n";
    }

    private Handler routes() {
        var routes =
                new Router()
                        .get("/plain", (_, response) -> response.send("plain"))
                        .post("/body", (request, response) -> response.send(request.text(100)))
                        .get(
                                "/wait",
                                (_, response) -> {
                                    mayAnswer.await();
                                    response.send("waited");
                                })
                        .get("/ever", (_, _) -> new Event().await())
                        .get(
                                "/stream",
                                (_, response) -> {
                                    response.body().write('a');
                                    response.body().flush();
                                    mayAnswer.await();
                                    response.body().write('b');
                                })
                        .get(
                                "/streams",
                                (_, response) -> {
                                    response.body().write('a');
                                    response.body().flush();
                                    new Event().await();
                                })
                        .get(
                                "/events",
                                (_, response) -> {
                                    var events = EventStream.of(response);
                                    while (true) {
                                        events.send("tick");
                                        Weft.sleep(LONG);
                                    }
                                })
                        .get(
                                "/queue",
                                (_, response) -> {
                                    var events = EventStream.of(response);
                                    var queue = new Queue<String>();
                                    while (true) {
                                        events.send(queue.get());
                                    }
                                })
                        .get(
                                "/poll",
                                (request, response) -> {
                                    Select.any(List.of(new Event(), request.stop()));
                                    response.send(request.isStopping() ? "stopping" : "what?");
                                })
                        .get(
                                "/interrupted",
                                (_, response) -> {
                                    response.endWithServer();
                                    new Event().await();
                                })
                        .get(
                                "/much",
                                (_, response) -> {
                                    while (true) {
                                        response.body().write(new byte[MUCH]);
                                    }
                                })
                        .get(
                                "/echo",
                                (request, response) ->
                                        WebSocket.accept(
                                                request,
                                                response,
                                                socket -> {
                                                    for (var message = socket.receive();
                                                            message != null;
                                                            message = socket.receive()) {
                                                        socket.send(message);
                                                    }
                                                }))
                        .get(
                                "/push",
                                (request, response) ->
                                        WebSocket.accept(
                                                request,
                                                response,
                                                socket -> {
                                                    while (true) {
                                                        socket.ping();
                                                        Weft.sleep(Duration.ofMillis(10));
                                                    }
                                                }))
                        .get(
                                "/select",
                                (request, response) ->
                                        WebSocket.accept(
                                                request,
                                                response,
                                                socket ->
                                                        Select.any(
                                                                List.of(
                                                                        new Event(),
                                                                        socket.incoming()))))
                        .get(
                                "/else",
                                (request, response) ->
                                        WebSocket.accept(
                                                request,
                                                response,
                                                socket -> {
                                                    socket.endWithClient();
                                                    new Event().await();
                                                }));
        return (request, response) -> {
            begun.set();
            routes.handle(request, response);
        };
    }

    private Site site(Kind kind) throws IOException {
        Tls tls = kind.isTls() ? certificate() : null;
        return new Site(
                kind.asksAtTheLast() ? new ManualClock().group(2) : LoopGroup.create(2),
                routes(),
                builder -> builder.tls(tls).proxyProtocol(kind == Kind.PROXY_HEADER));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindOfConnectionHasItsEnd(Kind kind) throws Exception {
        try (var serverLog = LogRecorder.of(StreamServer.class);
                var log = LogRecorder.of(Http1.class);
                var site = site(kind);
                var socket = open(site, kind)) {
            Site.send(socket, kind.request);
            if (kind == Kind.SLOW_READER_OF_TLS) {
                Site.send(socket, get("/much"));
            }
            kind.before(socket);
            if (kind.reachesAHandler()) {
                begun.await();
            }
            await().atMost(Site.PATIENCE).until(() -> site.server.connectionCount() == 1);
            if (kind.ends == Ends.BY_1001) {
                assertThat(headOf(socket)).startsWith("HTTP/1.1 101 ");
            } else if (kind.ends == Ends.BY_THE_END_OF_ITS_STREAM) {
                assertThat(headOf(socket)).contains("chunked");
            }
            var stop = stop(site, kind.ends == Ends.BY_THE_CUT ? SHORT : LONG);
            await().atMost(Site.PATIENCE).until(site.server::isStopping);
            kind.afterwards(socket);
            mayAnswer.set();
            assertEnds(kind, socket);
            assertThat(stop.get()).isEqualTo(kind.ends != Ends.BY_THE_CUT);
            assertThat(serverLog.messages()).isEmpty();
            assertThat(log.messages()).isEmpty();
        }
    }

    private static void assertEnds(Kind kind, Socket socket) throws IOException {
        switch (kind.ends) {
            case SILENTLY -> assertThat(socket.getInputStream().read()).isNegative();
            case BY_A_LAST_ANSWER -> {
                Answer answer = Site.read(socket);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(socket.getInputStream().read()).isNegative();
            }
            case BY_503 -> {
                Answer answer = Site.read(socket);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(socket.getInputStream().read()).isNegative();
            }
            case BY_THE_END_OF_ITS_STREAM ->
                    assertThat(Site.readToTheEnd(socket)).endsWith("0\r\n\r\n");
            case BY_1001 -> assertThat(closeCode(socket.getInputStream())).isEqualTo(1001);
            case BY_THE_CUT -> assertCut(kind, socket);
        }
    }

    /** Nothing that comes looks like the end of an answer. */
    private static void assertCut(Kind kind, Socket socket) throws IOException {
        try {
            if (kind == Kind.SLOW_READER_OF_TLS) {
                while (socket.getInputStream().read(new byte[MUCH]) >= 0) {}
                return;
            }
            assertThat(Site.readToTheEnd(socket)).doesNotEndWith("\r\n0\r\n\r\n");
        } catch (IOException e) {
            // reset, or TLS without its end
        }
    }

    private static int closeCode(InputStream in) throws IOException {
        while (true) {
            int first = in.read();
            byte[] payload = in.readNBytes(in.read());
            if (first == 0x88) {
                return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
            }
            assertThat(first).isEqualTo(0x89); // a ping
        }
    }

    private static String headOf(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new SocketException("the connection ended after: " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private static Socket open(Site site, Kind kind) throws Exception {
        if (kind != Kind.SLOW_READER_OF_TLS) {
            return site.connect();
        }
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket = context.getSocketFactory().createSocket("127.0.0.1", site.port());
        socket.setSoTimeout((int) Site.PATIENCE.toMillis());
        return socket;
    }

    private Tls certificate() throws IOException {
        return Tls.server().certificate(copied("localhost.pem"), copied("localhost.key")).build();
    }

    private Path copied(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (var in = Raw.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    private static CompletableFuture<Boolean> stop(Site site, Duration patience) {
        var outcome = new CompletableFuture<Boolean>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                outcome.complete(site.server.stop(patience));
                            } catch (Throwable e) {
                                outcome.completeExceptionally(e);
                            }
                        });
        return outcome;
    }
}
