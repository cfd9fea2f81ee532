package io.weft.blocking;

import static io.weft.blocking.Meanwhile.ends;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

/** The JDK's own network: both ends in coroutines of one loop. */
class JdkSocketsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void serverSocketAcceptAndSocketRead() throws Exception {
        try (var server = new ServerSocket(0, 50, LOOPBACK)) {
            var client = new Socket[1];
            Socket accepted =
                    ends(
                            server::accept,
                            () -> client[0] = new Socket(LOOPBACK, server.getLocalPort()));
            int read =
                    ends(
                            () -> accepted.getInputStream().read(),
                            () -> client[0].getOutputStream().write('x'));
            assertThat(read).isEqualTo('x');
            accepted.close();
            client[0].close();
        }
    }

    /** More than the kernel's buffers hold: the writer parks until the reader has read. */
    @Test
    void socketWrite() throws Exception {
        try (var server = new ServerSocket(0, 50, LOOPBACK);
                var client = new Socket(LOOPBACK, server.getLocalPort());
                var accepted = server.accept()) {
            var bytes = new byte[16 << 20];
            ends(
                    () -> {
                        client.getOutputStream().write(bytes);
                        return true;
                    },
                    () ->
                            assertThat(accepted.getInputStream().readNBytes(bytes.length))
                                    .hasSize(bytes.length));
        }
    }

    @Test
    void socketChannels() throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(LOOPBACK, 0));
            try (var client = SocketChannel.open(server.getLocalAddress());
                    var accepted = server.accept()) {
                int read =
                        ends(
                                () -> accepted.read(ByteBuffer.allocate(10)),
                                () -> client.write(ByteBuffer.wrap(new byte[3])));
                assertThat(read).isEqualTo(3);
            }
        }
    }

    @Test
    void datagramSocket() throws Exception {
        try (var one = new DatagramSocket(0, LOOPBACK);
                var other = new DatagramSocket(0, LOOPBACK)) {
            var packet = new DatagramPacket(new byte[10], 10);
            ends(
                    () -> {
                        one.receive(packet);
                        return true;
                    },
                    () ->
                            other.send(
                                    new DatagramPacket(
                                            new byte[3], 3, one.getLocalSocketAddress())));
            assertThat(packet.getLength()).isEqualTo(3);
        }
    }

    /** Ten requests wait for their answers at once; the server is a coroutine of the same loop. */
    @Test
    void httpClientSend() throws Exception {
        Weft.run(
                () -> {
                    try (var server = new ServerSocket(0, 50, LOOPBACK);
                            var client = HttpClient.newHttpClient()) {
                        var all = new CountDownLatch(10);
                        var acceptor =
                                Weft.spawn(
                                        () -> {
                                            for (int i = 0; i < 10; i++) {
                                                Socket socket = server.accept();
                                                Weft.spawn(() -> answer(socket, all));
                                            }
                                        });
                        var uri = URI.create("http://localhost:" + server.getLocalPort() + "/");
                        var requests = new ArrayList<Coroutine<String>>();
                        for (int i = 0; i < 10; i++) {
                            requests.add(
                                    Weft.spawn(
                                            () ->
                                                    client.send(
                                                                    HttpRequest.newBuilder(uri)
                                                                            .version(
                                                                                    HttpClient
                                                                                            .Version
                                                                                            .HTTP_1_1)
                                                                            .build(),
                                                                    HttpResponse.BodyHandlers
                                                                            .ofString())
                                                            .body()));
                        }
                        for (var request : requests) {
                            assertThat(request.get()).isEqualTo("hello");
                        }
                        acceptor.join();
                    }
                });
    }

    /** Answers when all ten have asked. */
    private static void answer(Socket socket, CountDownLatch all) throws Exception {
        try (socket) {
            var in = socket.getInputStream();
            for (int end = 0; end != 0x0d0a0d0a; ) {
                end = end << 8 | in.read();
            }
            all.countDown();
            all.await();
            socket.getOutputStream()
                    .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
                                    .getBytes(StandardCharsets.US_ASCII));
        }
    }
}
