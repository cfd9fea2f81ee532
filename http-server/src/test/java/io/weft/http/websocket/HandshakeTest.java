package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Cookie;
import io.weft.http.Handler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** RFC 6455 section 4.2: who gets a WebSocket, and what the others are told. */
class HandshakeTest {
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    @Test
    void keyIsAnsweredAsInTheExampleOfTheRfc() throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(client.handshake().toLowerCase(java.util.Locale.ROOT))
                    .isEqualTo(
                            """
                            http/1.1 101 switching protocols\r
                            upgrade: websocket\r
                            connection: upgrade\r
                            sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r
                            \r
                            """);
        }
    }

    @Test
    void keyIsAnsweredInItsCase() throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(client.handshake()).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-No-Key: at all",
                "Sec-WebSocket-Key: ",
                "Sec-WebSocket-Key: short",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWFiYw==",
                "Sec-WebSocket-Key: ????????????????????????",
                KEY + "\r\n" + KEY
            })
    void badKeyIsRefused(String key) throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(
                            client.request(
                                    "GET / HTTP/1.1",
                                    "Host: a",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    "Sec-WebSocket-Version: 13",
                                    key))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Version: 8",
                "Sec-WebSocket-Version: 0",
                "Sec-WebSocket-Version: 14",
                "Sec-WebSocket-Version: x",
                "X-No-Version: at all"
            })
    void otherVersionIsToldTheRightOne(String version) throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(
                            client.request(
                                    "GET / HTTP/1.1",
                                    "Host: a",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    KEY,
                                    version))
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("sec-websocket-version: 13\r\n")
                    .containsIgnoringCase("upgrade: websocket\r\n")
                    .containsIgnoringCase("connection: upgrade\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Connection: Upgrade\r\nUpgrade: h2c",
                "Connection: keep-alive\r\nUpgrade: websocket"
            })
    void requestForSomethingElseIsToldToUpgrade(String headers) throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(client.request("GET / HTTP/1.1", "Host: a", KEY, headers))
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("upgrade: websocket\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1", "GET / HTTP/1.0"})
    void onlyGetOfHttp11WillDo(String line) throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(
                            client.request(
                                    line,
                                    "Host: a",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    "Sec-WebSocket-Version: 13",
                                    KEY))
                    .contains(" 400 ");
        }
    }

    /** Section 4.1: it has to wait for the answer. Not waiting is refused, or does no harm. */
    @Test
    void frameBeforeTheAnswerIsNeverLost() throws Exception {
        try (var host = new Host(EchoServer::echo)) {
            for (int i = 0; i < 200; i++) {
                try (var client = host.connect()) {
                    client.ask();
                    LockSupport.parkNanos(i * 3_000L); // somewhere between the two
                    client.text("early");
                    String answer = client.answer();
                    if (answer.startsWith("HTTP/1.1 101 ")) {
                        assertThat(client.nextText()).isEqualTo("early");
                    } else {
                        assertThat(answer).startsWith("HTTP/1.1 400 ");
                    }
                }
            }
        }
    }

    @Test
    void tokensMayBeInAnyCaseAmongOthers() throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            assertThat(
                            client.request(
                                    "GET / HTTP/1.1",
                                    "Host: a",
                                    "Upgrade: h2c, WebSocket",
                                    "Connection: keep-alive, upGRADE",
                                    "Sec-WebSocket-Version: 13",
                                    KEY))
                    .startsWith("HTTP/1.1 101 ");
            client.text("x");
            assertThat(client.nextText()).isEqualTo("x");
        }
    }

    @Test
    void firstProtocolOfTheClientThatIsSpokenHereIsChosen() throws Exception {
        BlockingQueue<String> chosen = new ArrayBlockingQueue<>(4);
        var settings = WebSocketSettings.DEFAULT.protocols("chat", "superchat");
        try (var host = new Host(settings, socket -> chosen.add("" + socket.protocol()))) {
            try (var client = host.connect()) {
                assertThat(client.handshake("Sec-WebSocket-Protocol: mail, superchat, chat"))
                        .containsIgnoringCase("sec-websocket-protocol: superchat\r\n");
            }
            assertThat(chosen.poll(30, TimeUnit.SECONDS)).isEqualTo("superchat");
            try (var client = host.connect()) {
                assertThat(
                                client.handshake(
                                        "Sec-WebSocket-Protocol: mail",
                                        "Sec-WebSocket-Protocol: chat"))
                        .containsIgnoringCase("sec-websocket-protocol: chat\r\n");
            }
            assertThat(chosen.poll(30, TimeUnit.SECONDS)).isEqualTo("chat");
            try (var client = host.connect()) {
                assertThat(client.handshake("Sec-WebSocket-Protocol: mail"))
                        .doesNotContainIgnoringCase("sec-websocket-protocol");
            }
            assertThat(chosen.poll(30, TimeUnit.SECONDS)).isEqualTo("null");
        }
    }

    @Test
    void headersOfTheResponseGoOutWithTheAgreement() throws Exception {
        Handler handler =
                (request, response) -> {
                    response.cookie(Cookie.of("who", "me"));
                    response.header("Content-Length", "5");
                    WebSocket.accept(request, response, EchoServer::echo);
                };
        try (var host = new Host(handler);
                var client = host.connect()) {
            assertThat(client.handshake())
                    .containsIgnoringCase("set-cookie: who=me")
                    .doesNotContainIgnoringCase("content-length");
            client.text("x");
            assertThat(client.nextText()).isEqualTo("x");
        }
    }

    @Test
    void upgradeIsAValueForTheResponse() throws Exception {
        Handler handler =
                (request, response) ->
                        response.upgrade(WebSocket.upgrade(request, EchoServer::echo));
        try (var host = new Host(handler);
                var client = host.open()) {
            client.text("x");
            assertThat(client.nextText()).isEqualTo("x");
        }
    }

    @Test
    void comesAfterOrdinaryRequestsOfTheSameConnection() throws Exception {
        Handler handler =
                (request, response) -> {
                    if (request.path().equals("/chat")) {
                        WebSocket.accept(request, response, EchoServer::echo);
                    } else {
                        response.send("");
                    }
                };
        try (var host = new Host(handler);
                var client = host.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.request("GET / HTTP/1.1", "Host: a")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(client.handshake()).startsWith("HTTP/1.1 101 ");
            client.text("x");
            assertThat(client.nextText()).isEqualTo("x");
        }
    }

    @Test
    void pipelinedBehindAnotherRequestItIsAnsweredBehindIt() throws Exception {
        Handler handler =
                (request, response) -> {
                    if (request.path().equals("/chat")) {
                        WebSocket.accept(request, response, EchoServer::echo);
                    } else {
                        response.send("");
                    }
                };
        try (var host = new Host(handler);
                var client = host.connect()) {
            var both = new ByteArrayOutputStream();
            both.write(Client.head("GET / HTTP/1.1", "Host: a"));
            both.write(request());
            client.raw(both.toByteArray());
            assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
            assertThat(client.answer()).startsWith("HTTP/1.1 101 ");
            client.text("x");
            assertThat(client.nextText()).isEqualTo("x");
        }
    }

    @Test
    void clientThatDoesNotWaitForTheAnswerIsRefused() throws Exception {
        try (var host = new Host(EchoServer::echo);
                var client = host.connect()) {
            var both = new ByteArrayOutputStream();
            both.write(request());
            both.write(Client.head("GET /smuggled HTTP/1.1", "Host: a"));
            client.raw(both.toByteArray());
            assertThat(client.answer()).startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Origin: http://server.example.com",
                "Origin: http://SERVER.example.com:80",
                "Origin: https://server.example.com", // TLS ended before
                "Origin: http://public.example:8080\r\nX-Forwarded-Host: public.example:8080",
                "Origin: https://friend.example",
            })
    void pageOfThisHostOrAnAllowedOneIsLetIn(String headers) throws Exception {
        var settings = WebSocketSettings.DEFAULT.origins("https://friend.example");
        try (var host = new Host(settings, EchoServer::echo);
                var client = host.open(headers)) {
            client.text("hello");
            assertThat(client.nextText()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "https://friend.example.evil.example",
                "http://friend.example",
                "http://server.example.com:8080",
                "http://server.example.com.evil.example",
                "http://server.example.com@evil.example",
                "ftp://server.example.com",
                "null",
                "server.example.com",
                "http://",
                "http://[",
                "http://server.example.com\r\nOrigin: http://evil.example",
            })
    void pageOfAnotherHostIsRefused(String origin) throws Exception {
        var settings = WebSocketSettings.DEFAULT.origins("https://friend.example");
        try (var host = new Host(settings, EchoServer::echo);
                var client = host.connect()) {
            assertThat(client.handshake("Origin: " + origin)).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void allPagesCanBeLetIn() throws Exception {
        try (var host = new Host(WebSocketSettings.DEFAULT.origins("*"), EchoServer::echo);
                var client = host.connect()) {
            assertThat(client.handshake("Origin: null")).startsWith("HTTP/1.1 101 ");
        }
    }

    private static byte[] request() throws IOException {
        return Client.head(
                "GET /chat HTTP/1.1",
                "Host: a",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                KEY);
    }
}
