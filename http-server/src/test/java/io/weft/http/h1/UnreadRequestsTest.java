package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.LoopGroup;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.server.StreamServer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The last answer of a connection arrives, whatever else was sent behind its request. */
class UnreadRequestsTest {
    private static final int BUFFER = 16 * 1024;
    private static final int ANSWER = 500_000;
    private static final String LAST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String NEXT = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 3_000})
    void lastAnswerArrivesWhole(int more) throws Exception {
        var settings =
                new Settings(
                        (request, response) -> response.send(new byte[ANSWER]),
                        Limits.DEFAULT,
                        null,
                        Clients.DIRECT,
                        null,
                        null);
        try (var group = LoopGroup.create(1);
                var server =
                        StreamServer.builder(connection -> Http1.of(connection, settings).serve())
                                .listen("127.0.0.1:0")
                                .group(group)
                                .codec(connection -> Http1.prepare(connection, settings))
                                .bind();
                var client = new Socket()) {
            client.setReceiveBufferSize(BUFFER);
            client.setSoTimeout((int) Raw.PATIENCE.toMillis());
            client.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            ((InetSocketAddress) server.address()).getPort()));
            client.getOutputStream()
                    .write((LAST + NEXT.repeat(more)).getBytes(StandardCharsets.US_ASCII));
            var answer =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int head = answer.indexOf("\r\n\r\n") + 4;
            assertThat(answer.length() - head).isEqualTo(ANSWER);
        }
    }
}
