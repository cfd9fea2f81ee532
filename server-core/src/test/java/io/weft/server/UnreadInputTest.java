package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.ManualClock;
import io.weft.net.Connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** What a handler has written reaches a peer of which not everything was read. */
class UnreadInputTest {
    private static final int BUFFER = 16 * 1024;

    /** As much as finds room on its way while nobody reads. */
    private static final int UPLOAD = 100_000;

    private static final int ANSWER = 500_000;

    /** More than there can be to send, in steps of a clock. */
    private static final Duration STEP = Duration.ofSeconds(5);

    private final byte[] upload = new byte[UPLOAD];
    private final ManualClock clock = new ManualClock();

    enum Reads {
        A_BYTE(1),
        LITTLE(100),
        MUCH(30_000);

        final int bytes;

        Reads(int bytes) {
            this.bytes = bytes;
        }
    }

    private static ConnectionHandler answering(int reads, int writes) {
        return connection -> {
            connection.readExactly(reads);
            connection.write(new byte[writes]);
        };
    }

    private static Served served(ConnectionHandler handler, boolean secure) throws IOException {
        return new Served(handler, builder -> builder.tls(secure ? Served.tls() : null));
    }

    private static Socket connect(Served served, boolean secure) throws Exception {
        var plain = new Socket();
        plain.setReceiveBufferSize(BUFFER);
        plain.setSoTimeout((int) Served.PATIENCE.toMillis());
        int port = Served.port(served.server);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (!secure) {
            return plain;
        }
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context.getSocketFactory().createSocket(plain, "localhost", port, true);
    }

    private static int receivedToTheEnd(Socket socket) throws IOException {
        return socket.getInputStream().readAllBytes().length;
    }

    @ParameterizedTest
    @CsvSource({
        "A_BYTE, false",
        "LITTLE, false",
        "MUCH, false",
        "A_BYTE, true",
        "LITTLE, true",
        "MUCH, true"
    })
    void answerComesWholeToWhoSendsAllFirst(Reads reads, boolean secure) throws Exception {
        try (var served = served(answering(reads.bytes, ANSWER), secure)) {
            for (int i = 0; i < 10; i++) {
                try (var socket = connect(served, secure)) {
                    socket.getOutputStream().write(upload);
                    assertThat(receivedToTheEnd(socket)).isEqualTo(ANSWER);
                }
            }
            served.awaitConnections(0);
        }
    }

    /** One that is small has gone to the kernel when the rest of the input comes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 100_000})
    void answerComesWholeHoweverLargeItIs(int size) throws Exception {
        try (var served = served(answering(1, size), false);
                var socket = connect(served, false)) {
            socket.getOutputStream().write(upload);
            assertThat(receivedToTheEnd(socket)).isEqualTo(size);
        }
    }

    @Test
    void answerComesWholeBehindAnEndOfTheOutputToo() throws Exception {
        ConnectionHandler handler =
                connection -> {
                    connection.write(new byte[ANSWER]);
                    connection.shutdownOutput();
                };
        try (var served = served(handler, false);
                var socket = connect(served, false)) {
            socket.getOutputStream().write(upload);
            assertThat(receivedToTheEnd(socket)).isEqualTo(ANSWER);
        }
    }

    /** The kernel has all of the answer by then, and has yet to send the most of it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answerComesWholeToWhoSendsAfterItsEnd(boolean secure) throws Exception {
        var handled = new CountDownLatch(1);
        ConnectionHandler handler =
                connection -> {
                    connection.option(ChannelOption.SO_SNDBUF, ANSWER);
                    connection.readExactly(1);
                    connection.write(new byte[ANSWER / 4]);
                    connection.flush();
                    handled.countDown();
                };
        try (var served = served(handler, secure);
                var socket = connect(served, secure)) {
            socket.getOutputStream().write(1);
            assertThat(handled.await(Served.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (var loop : served.group.loops()) {
                await().atMost(Served.PATIENCE).until(() -> loop.coroutineCount() == 0);
                loop.call(() -> null); // behind the close
            }
            socket.getOutputStream().write(upload);
            assertThat(receivedToTheEnd(socket)).isEqualTo(ANSWER / 4);
        }
    }

    @ParameterizedTest
    @EnumSource(Reads.class)
    void answerComesWholeOverAUnixSocket(Reads reads, @TempDir Path directory) throws Exception {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        ConnectionHandler handler = answering(reads.bytes, ANSWER);
        try (var served = new Served(handler, builder -> builder.listen(address))) {
            assertThat(receivedToTheEnd(address)).isEqualTo(ANSWER);
            served.awaitConnections(0);
        }
    }

    /** Behind all of the upload. */
    private int receivedToTheEnd(UnixDomainSocketAddress address) throws IOException {
        try (var channel = SocketChannel.open(address)) {
            for (var bytes = ByteBuffer.wrap(upload); bytes.hasRemaining(); ) {
                channel.write(bytes);
            }
            int received = 0;
            var piece = ByteBuffer.allocate(BUFFER);
            for (int count; (count = channel.read(piece.clear())) >= 0; ) {
                received += count;
            }
            return received;
        }
    }

    /** Nobody would wait for those. */
    @Test
    void connectionWithoutUnreadInputClosesAtOnce() throws Exception {
        try (var served = timed(answering(1, 1));
                var socket = connect(served, false)) {
            Served.send(socket, "1");
            served.awaitConnections(0);
            assertThat(receivedToTheEnd(socket)).isEqualTo(1);
        }
    }

    @Test
    void peerThatSaysNothingIsListenedToForATime() throws Exception {
        try (var served = timed(answering(1, 1));
                var socket = connect(served, false)) {
            Served.send(socket, "12");
            assertThat(receivedToTheEnd(socket)).isEqualTo(1);
            assertThat(served.server.connectionCount()).isEqualTo(1);
            clock.advance(STEP); // of what has come until now
            clock.advance(STEP);
            served.awaitConnections(0);
        }
    }

    @Test
    void peerThatSaysSomethingForEverIsNot() throws Exception {
        try (var served = timed(answering(1, 1));
                var socket = connect(served, false)) {
            Served.send(socket, "12");
            assertThat(receivedToTheEnd(socket)).isEqualTo(1);
            await().atMost(Served.PATIENCE)
                    .until(
                            () -> {
                                say(socket);
                                clock.advance(STEP.dividedBy(2));
                                return served.server.connectionCount() == 0;
                            });
        }
    }

    private static void say(Socket socket) {
        try {
            Served.send(socket, "more");
        } catch (IOException e) {
            // it was closed
        }
    }

    private Served timed(ConnectionHandler handler) throws IOException {
        return new Served(handler, builder -> builder, clock.group(2));
    }

    @Test
    void stopCutsWhoIsListenedTo() throws Exception {
        try (var served = timed(answering(1, 1));
                var socket = connect(served, false)) {
            Served.send(socket, "12");
            assertThat(receivedToTheEnd(socket)).isEqualTo(1);
            assertThat(served.server.stop(Duration.ZERO)).isFalse();
            assertThat(served.server.connectionCount()).isZero();
        }
    }

    /** The handler is not held by what is dropped. */
    @Test
    void handlerEndsBeforeItsPeer() throws Exception {
        try (var served = timed(answering(1, 1));
                var socket = connect(served, false)) {
            Served.send(socket, "12");
            assertThat(receivedToTheEnd(socket)).isEqualTo(1);
            await().atMost(Served.PATIENCE)
                    .until(
                            () ->
                                    served.group.loops().stream()
                                            .allMatch(loop -> loop.coroutineCount() == 0));
            assertThat(served.server.connectionCount()).isEqualTo(1);
        }
    }

    /** A client too: its request is answered though it has not read all of a greeting. */
    @Test
    void clientsLastWordsArrive() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var served = new Served(Served::swallow)) {
            var loop = served.group.next();
            var client =
                    loop.call(
                            () ->
                                    Connection.connect(
                                            listener.getLocalSocketAddress(), Served.PATIENCE));
            try (var peer = listener.accept()) {
                peer.setReceiveBufferSize(BUFFER);
                client.option(ChannelOption.SO_SNDBUF, BUFFER);
                peer.getOutputStream().write(upload, 0, 1000);
                await().atMost(Served.PATIENCE).until(() -> loop.call(client::available) == 1000);
                loop.spawn(
                        () -> {
                            client.write(new byte[ANSWER]);
                            client.close();
                            return null;
                        });
                assertThat(receivedToTheEnd(peer)).isEqualTo(ANSWER);
            }
            await().atMost(Served.PATIENCE).until(() -> !client.channel().isOpen());
        }
    }
}
