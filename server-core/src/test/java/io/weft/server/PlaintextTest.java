package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import io.weft.Coroutine;
import io.weft.net.Connection;
import io.weft.net.Connector;
import io.weft.net.Tls;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Those who come to a TLS server and speak no TLS are refused quietly; nobody else notices. */
class PlaintextTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(StreamServer.class);
    private final AtomicInteger handled = new AtomicInteger();
    private LogRecorder log;
    private LogRecorder uncaught;
    private Served served;

    @BeforeEach
    void begin() throws Exception {
        logger.setLevel(Level.INFO);
        log = LogRecorder.of(StreamServer.class);
        uncaught = LogRecorder.of(Coroutine.class);
        var tls = Served.tls();
        served = new Served(this::countedEcho, builder -> builder.tls(tls));
    }

    @AfterEach
    void end() {
        served.close();
        uncaught.close();
        log.close();
        logger.setLevel(null);
    }

    @Test
    void isRefusedWithOneLine() throws Exception {
        try (var socket = served.connect()) {
            Served.send(socket, "GET / HTTP/1.1\r\n\r\n");
            drain(socket);
        }
        served.awaitConnections(0);
        assertThat(handled).hasValue(0);
        assertThat(log.awaitMessages(1))
                .singleElement()
                .asString()
                .startsWith("TLS handshake failed on connection 127.0.0.1:")
                .hasLineCount(1);
        assertThat(uncaught.messages()).isEmpty();
    }

    @Test
    void whoGoesBeforeTheHandshakeLeavesNothing() throws Exception {
        for (int i = 0; i < 200; i++) {
            var socket = served.connect();
            switch (i % 3) {
                case 0 -> Served.reset(socket);
                case 1 -> Served.send(socket, "\u0016\u0003\u0001\u0001"); // as a handshake begins
                default -> socket.shutdownOutput();
            }
            socket.close();
        }
        served.awaitConnections(0);
        assertThat(handled).hasValue(0);
        assertThat(log.messages()).allMatch(line -> line.startsWith("TLS handshake failed on "));
        assertThat(uncaught.messages()).isEmpty();
    }

    @Test
    void othersAreServed() throws Exception {
        try (var socket = served.connect()) {
            Served.send(socket, "nonsense");
            var connector = new Connector();
            var tls = Tls.client().insecure().build();
            assertThat(
                            served.group
                                    .next()
                                    .<String>call(
                                            () -> {
                                                try (var client =
                                                        connector
                                                                .tls(tls)
                                                                .connect(served.server.address())) {
                                                    client.write("hello");
                                                    return new String(
                                                            client.readExactly(5),
                                                            StandardCharsets.UTF_8);
                                                }
                                            }))
                    .isEqualTo("hello");
            drain(socket);
        }
        assertThat(handled).hasValue(1);
    }

    private void countedEcho(Connection connection) throws IOException {
        handled.incrementAndGet();
        Served.echo(connection);
    }

    /** An alert may come, or a reset; that it ends is what matters. */
    private static void drain(Socket socket) throws IOException {
        try {
            Served.receivedToTheEnd(socket);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
