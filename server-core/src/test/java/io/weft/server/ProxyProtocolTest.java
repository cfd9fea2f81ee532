package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.net.Addresses;
import io.weft.net.Connection;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;

import javax.net.ssl.SSLContext;

/** Headers of the PROXY protocol, byte for byte. */
class ProxyProtocolTest {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final String V1 = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";
    private static final String V1_SAID = "192.0.2.1:4711 192.0.2.2:443;";

    private final Logger logger = (Logger) LoggerFactory.getLogger(StreamServer.class);
    private LogRecorder log;

    @BeforeEach
    void record() {
        logger.setLevel(Level.INFO);
        log = LogRecorder.of(StreamServer.class);
    }

    @AfterEach
    void forget() {
        log.close();
        logger.setLevel(null);
    }

    private static Served served() throws IOException {
        return new Served(ProxyProtocolTest::tell, builder -> builder.proxyProtocol(true));
    }

    /** A handler: says who is there, and sends back what it receives. */
    private static void tell(Connection connection) throws IOException {
        connection.write(
                Addresses.format(connection.remoteAddress())
                        + " "
                        + Addresses.format(connection.localAddress())
                        + ";");
        Served.echo(connection);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void versionOneTellsTheClient(boolean byteByByte) throws Exception {
        assertSaid(V1.getBytes(StandardCharsets.US_ASCII), byteByByte, V1_SAID);
        assertSaid(
                "PROXY TCP6 2001:db8::1 2001:db8::2 4711 443\r\n"
                        .getBytes(StandardCharsets.US_ASCII),
                byteByByte,
                "[2001:db8::1]:4711 [2001:db8::2]:443;");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void versionTwoTellsTheClient(boolean byteByByte) throws Exception {
        assertSaid(v2(0x21, 0x11, "c0000201 c0000202 1267 01bb"), byteByByte, V1_SAID);
        assertSaid(
                v2(
                        0x21,
                        0x21,
                        "20010db8000000000000000000000001 20010db8000000000000000000000002"
                                + " 1267 01bb"),
                byteByByte,
                "[2001:db8::1]:4711 [2001:db8::2]:443;");
    }

    @Test
    void unixSocketsAreToldByTheirPaths() throws Exception {
        var addresses = ByteBuffer.allocate(216);
        addresses.put("/run/client".getBytes(StandardCharsets.US_ASCII));
        addresses.position(108).put("/run/server".getBytes(StandardCharsets.US_ASCII));
        assertSaid(
                v2(0x21, 0x31, HexFormat.of().formatHex(addresses.array())),
                false,
                "unix:/run/client unix:/run/server;");
    }

    @Test
    void pathOfAUnixSocketIsUtf8() throws Exception {
        Assumptions.assumeTrue(isNameable("/run/\u00e4"), "no such names in this locale");
        var addresses = ByteBuffer.allocate(216);
        addresses.put("/run/\u00e4".getBytes(StandardCharsets.UTF_8));
        byte[] header = v2(0x21, 0x31, HexFormat.of().formatHex(addresses.array()));
        assertSaid(header, false, "unix:/run/\u00e4 unix:;");
    }

    private static boolean isNameable(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Test
    void extensionsAreIgnored() throws Exception {
        String authority = "02 000b 6578616d706c652e6f7267";
        String unknown = "e0 0002 abcd";
        assertSaid(
                v2(0x21, 0x11, "c0000201 c0000202 1267 01bb" + authority + unknown),
                false,
                V1_SAID);
    }

    @Test
    void proxyThatSpeaksForItselfKeepsItsAddresses() throws Exception {
        byte[] unknown = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] noise = "PROXY UNKNOWN ff:: 1 2 3\r\n".getBytes(StandardCharsets.US_ASCII);
        for (byte[] header :
                new byte[][] {
                    v2(0x20, 0x00, ""),
                    v2(0x20, 0x11, "c0000201 c0000202 1267 01bb"),
                    v2(0x21, 0x00, ""),
                    unknown,
                    noise
                }) {
            try (var served = served();
                    var socket = served.connect()) {
                socket.getOutputStream().write(header);
                String real =
                        "127.0.0.1:" + socket.getLocalPort() + " 127.0.0.1:" + socket.getPort();
                assertThat(Served.received(socket, real.length() + 1)).isEqualTo(real + ";");
                assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
            }
        }
    }

    private static void assertSaid(byte[] header, boolean byteByByte, String said)
            throws Exception {
        try (var served = served();
                var socket = served.connect()) {
            socket.setTcpNoDelay(true);
            var all = new ByteArrayOutputStream();
            all.write(header);
            all.write("first bytes".getBytes(StandardCharsets.US_ASCII));
            if (byteByByte) {
                for (byte each : all.toByteArray()) {
                    socket.getOutputStream().write(each);
                }
            } else {
                socket.getOutputStream().write(all.toByteArray());
            }
            int length = said.getBytes(StandardCharsets.UTF_8).length + 11;
            assertThat(Served.received(socket, length)).isEqualTo(said + "first bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 4711\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 4711 99999\r\n",
                "PROXY TCP4 localhost 192.0.2.2 4711 443\r\n",
                "PROXY TCP4 2001:db8::1 192.0.2.2 4711 443\r\n",
                "proxy tcp4 192.0.2.1 192.0.2.2 4711 443\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443 \r\n",
                "PROXY TCP4 192.0.2.1  192.0.2.2 4711 443\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 4711 +443\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 04711 443\r\n",
                "PROXY TCP4 192.0.2.010 192.0.2.2 4711 443\r\n",
                "PROXY TCP6 ::ffff:192.0.02.1 2001:db8::2 4711 443\r\n",
                "PROXY TCP6 ::192.0.2.1 2001:db8::2 4711 443\r\n",
                "PROXY TCP6 [2001:db8::1] 2001:db8::2 4711 443\r\n",
                "PROXY TCP6 fe80::1%eth0 2001:db8::2 4711 443\r\n",
                "PROXY\r\n",
                "PROXY TCP4 192.0.2.1                                                      "
                        + "                                            and no end"
                        + " within the 107 bytes that it may have at most",
            })
    void anythingElseIsCutOffWithOneLine(String bytes) throws Exception {
        assertCutOff(bytes.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void malformedVersionTwoIsCutOffWithOneLine() throws Exception {
        assertCutOff(v2(0x31, 0x11, "c0000201 c0000202 1267 01bb"));
        log.forget();
        assertCutOff(v2(0x2f, 0x11, "c0000201 c0000202 1267 01bb"));
        log.forget();
        assertCutOff(v2(0x21, 0x11, "c0000201 c0000202")); // too short for its addresses
        log.forget();
        assertCutOff(v2(0x21, 0x12, "c0000201 c0000202 1267 01bb")); // datagrams
        log.forget();
        assertCutOff(v2(0x21, 0x11, "c0000201 c0000202 1267 01bb 02 0009 61")); // not all of it
        assertThat(log.messages().getFirst()).endsWith("an extension is longer than its header");
        log.forget();
        assertCutOff(v2(0x21, 0x11, "00".repeat(8192))); // longer than anybody needs
    }

    private void assertCutOff(byte[] bytes) throws Exception {
        try (var served = served();
                var socket = served.connect()) {
            socket.getOutputStream().write(bytes);
            assertNothingComes(socket);
            served.awaitConnections(0);
        }
        assertThat(log.awaitMessages(1))
                .singleElement()
                .asString()
                .startsWith("expected a PROXY header on connection 127.0.0.1:")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 \u001b[2J\n2026-01-01 ERROR forged 192.0.2.2 4711 443\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 4711 4\u0000\n3\r\n",
                "PROXY \u00ff\n 192.0.2.1 192.0.2.2 4711 443\r\n",
                "\n"
                    + "\u001b]0;title\u0007 GET / HTTP/1.1 \n"
                    + " and more and more and more and more and more and more and more and more and"
                    + " more and more and more\r\n",
            })
    void whatCameIsShownInPrintableAscii(String bytes) throws Exception {
        assertCutOff(bytes.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(log.messages().getFirst()).matches("[ -~]{1,300}");
    }

    @Test
    void endBeforeTheHeaderIsToldInOneLineForDebugging() throws Exception {
        logger.setLevel(Level.DEBUG);
        try (var served = served();
                var socket = served.connect()) {
            Served.send(socket, "PROXY TCP4 192");
            socket.shutdownOutput();
            assertNothingComes(socket);
        }
        assertThat(log.awaitMessages(1))
                .singleElement()
                .asString()
                .endsWith("ended the connection");
    }

    @Test
    void slowSenderIsCutOff() throws Exception {
        try (var served =
                        new Served(
                                ProxyProtocolTest::tell,
                                builder ->
                                        builder.proxyProtocol(true)
                                                .proxyHeaderTime(Duration.ofMillis(20)));
                var socket = served.connect()) {
            Served.send(socket, "PROXY TCP4 192");
            assertNothingComes(socket);
        }
        assertThat(log.awaitMessages(1)).singleElement().asString().contains("did not come within");
    }

    @Test
    void stopDoesNotWaitForAHeader() throws Exception {
        try (var served = served();
                var socket = served.connect()) {
            served.awaitConnections(1);
            assertThat(served.server.stop(Served.MOMENT)).isFalse();
            assertNothingComes(socket);
        }
    }

    @Test
    void headerOfAnUntrustedPeerIsNone() throws Exception {
        try (var served =
                        new Served(
                                ProxyProtocolTest::tell,
                                builder ->
                                        builder.proxyProtocol(
                                                peer ->
                                                        peer instanceof InetSocketAddress inet
                                                                && !inet.getAddress()
                                                                        .isLoopbackAddress()));
                var socket = served.connect()) {
            Served.send(socket, V1);
            String real = "127.0.0.1:" + socket.getLocalPort() + " 127.0.0.1:" + socket.getPort();
            assertThat(Served.received(socket, real.length() + 1)).isEqualTo(real + ";");
            assertThat(Served.received(socket, V1.length())).isEqualTo(V1);
        }
    }

    @Test
    void headerComesBeforeTls() throws Exception {
        var tls = Served.tls();
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (var served =
                        new Served(
                                ProxyProtocolTest::tell,
                                builder -> builder.proxyProtocol(true).tls(tls));
                var plain = served.connect()) {
            Served.send(plain, V1);
            try (var secure =
                    context.getSocketFactory()
                            .createSocket(plain, "localhost", plain.getPort(), false)) {
                assertThat(Served.ask(secure, "hello")).isEqualTo(V1_SAID.substring(0, 5));
                assertThat(Served.received(secure, V1_SAID.length()))
                        .isEqualTo(V1_SAID.substring(5) + "hello");
            }
            try (var missing = served.connect()) {
                Served.send(missing, "\026\003\001" + "x".repeat(200));
                assertNothingComes(missing);
            }
        }
        await().atMost(Served.PATIENCE).until(() -> log.messages().size() == 1);
    }

    /** Version 2: command, family and protocol, then addresses and extensions. */
    private static byte[] v2(int command, int protocol, String rest) {
        byte[] addresses = HexFormat.of().parseHex(rest.replace(" ", ""));
        return ByteBuffer.allocate(16 + addresses.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) protocol)
                .putShort((short) addresses.length)
                .put(addresses)
                .array();
    }

    private static void assertNothingComes(Socket socket) throws IOException {
        try {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
