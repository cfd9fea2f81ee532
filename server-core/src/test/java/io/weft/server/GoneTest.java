package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.net.Connection;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A peer that goes away is no news, whoever hears of it and in whichever way it goes. */
class GoneTest {
    private final LogRecorder all = LogRecorder.ofEverything();

    @AfterEach
    void restoreLog() {
        all.close();
    }

    /** Until it is told that there is nobody any more. */
    private static void write(Connection connection) throws IOException {
        while (true) {
            connection.write(new byte[10_000]);
            connection.flush();
        }
    }

    /** As one does that filters addresses: its end comes before its beginning. */
    @Test
    void connectionThatItsCodecClosesAtOnceIsForgotten() throws Exception {
        var made = new CompletableFuture<WeakReference<Connection>>();
        try (var served =
                        new Served(
                                Served::echo,
                                builder ->
                                        builder.codec(
                                                connection -> {
                                                    connection.codec(closing());
                                                    made.complete(new WeakReference<>(connection));
                                                }));
                var socket = served.connect()) {
            assertThat(socket.getInputStream().read()).isNegative();
            served.awaitConnections(0);
            var connection = made.get();
            await().until(
                            () -> {
                                System.gc();
                                return connection.get() == null;
                            });
        }
    }

    private static ChannelHandler closing() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                var _ = context.close();
            }
        };
    }

    @Test
    void coroutineThatWritesToItSaysNothing() throws Exception {
        var writer = new CompletableFuture<Coroutine<?>>();
        try (var served =
                        new Served(
                                connection -> {
                                    writer.complete(Weft.spawn(() -> write(connection)));
                                    Served.swallow(connection);
                                });
                var socket = served.connect()) {
            Served.received(socket, 100);
            Served.reset(socket);
            writer.get().join();
            served.awaitConnections(0);
        }
        assertThat(all.messages()).isEmpty();
    }

    @Test
    void otherConnectionOfTheHandlersIsItsOwnAffair() throws Exception {
        try (var upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var served =
                        new Served(
                                connection -> {
                                    var asked =
                                            Connection.connect(
                                                    upstream.getLocalSocketAddress(),
                                                    Served.PATIENCE);
                                    asked.close();
                                    asked.write("anybody there?");
                                });
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            served.awaitConnections(0);
            assertThat(all.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .startsWith("the handler of connection 127.0.0.1:");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void clientOfTlsThatGivesUpIsNoNews(String version, boolean reset) throws Exception {
        var begun = new CountDownLatch(3);
        var gone = new CountDownLatch(1);
        try (var served =
                new Served(
                        connection -> {
                            begun.countDown();
                            connection.write("h");
                            connection.flush();
                            gone.await();
                            write(connection);
                        },
                        builder -> builder.tls(Served.tls()))) {
            for (int i = 0; i < 3; i++) {
                var plain = served.connect();
                SSLSocket socket = handshaken(plain, version);
                assertThat(socket.getInputStream().read()).isEqualTo('h');
                if (i == 1) {
                    socket.getOutputStream().write('x'); // left unread
                }
                if (reset) {
                    Served.reset(plain);
                } else {
                    socket.close();
                    plain.close();
                }
            }
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            gone.countDown();
            served.awaitConnections(0);
        }
        assertThat(all.messages()).isEmpty();
    }

    private static SSLSocket handshaken(Socket plain, String version) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }
}
