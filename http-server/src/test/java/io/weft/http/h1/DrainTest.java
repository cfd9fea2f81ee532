package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weft.LoopGroup;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.net.Connection;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A request that has come, though its coroutine has not been told yet, is under way. */
class DrainTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private record Served(Connection connection, Http1 http) {}

    private final LoopGroup group = LoopGroup.create(1);
    private final CompletableFuture<Served> served = new CompletableFuture<>();
    private StreamServer server;
    private Socket client;

    @BeforeEach
    void connect() throws Exception {
        Handler handler = (request, response) -> response.send("done");
        var settings =
                new Settings(
                        handler,
                        Limits.DEFAULT.keepAlive(Duration.ofHours(1)),
                        null,
                        Clients.DIRECT,
                        null,
                        null);
        server =
                StreamServer.builder(
                                connection -> {
                                    var http = Http1.of(connection, settings);
                                    served.complete(new Served(connection, http));
                                    http.serve();
                                })
                        .listen("127.0.0.1:0")
                        .group(group)
                        .codec(connection -> Http1.prepare(connection, settings))
                        .bind();
        client = new Socket("127.0.0.1", ((InetSocketAddress) server.address()).getPort());
        client.setSoTimeout((int) Raw.PATIENCE.toMillis());
        send(GET);
        assertThat(client.getInputStream().read()).isEqualTo('H'); // idle after this
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        server.close();
        group.close();
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** At one go of the hub, so that no coroutine runs between the two. */
    private CompletableFuture<Void> drainAsSoonAsThereIs(String text) {
        Served to = served.join();
        return CompletableFuture.runAsync(
                () -> {
                    var bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
                    to.connection().channel().pipeline().fireChannelRead(bytes);
                    to.http().drain();
                },
                to.connection().loop().eventLoop());
    }

    private String rest() throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void requestThatHasJustComeIsAnswered() throws Exception {
        drainAsSoonAsThereIs(GET).join();
        String[] answers = rest().split("HTTP/1.1 200 OK");
        assertThat(answers).hasSize(2);
        assertThat(answers[1]).contains("connection: close").endsWith("done");
    }

    @Test
    void requestThatHasBegunIsAnswered() throws Exception {
        drainAsSoonAsThereIs(GET.substring(0, 9)).join();
        send(GET.substring(9));
        assertThat(rest()).contains("connection: close").endsWith("done");
    }

    @Test
    void idleConnectionEnds() throws Exception {
        served.join().http().drain();
        assertThat(rest()).endsWith("done").doesNotContain("connection: close");
    }
}
