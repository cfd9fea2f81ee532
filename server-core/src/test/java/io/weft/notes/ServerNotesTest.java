package io.weft.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.net.Addresses;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Sections on servers and clients: the echo server under a hundred threads, and the telnet server.
 */
class ServerNotesTest {
    private static final int MESSAGES = 20;

    @Test
    void aHundredThreadsHearTheirHellosAgain() throws Exception {
        var wrong = new ConcurrentLinkedQueue<String>();
        try (var server =
                StreamServer.builder(
                                connection -> {
                                    for (byte[] data; (data = connection.read(1024)) != null; ) {
                                        connection.write(data);
                                    }
                                    connection.shutdownOutput();
                                })
                        .listen("127.0.0.1:0")
                        .backlog(500)
                        .bind()) {
            var together = new CountDownLatch(100);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 100; i++) {
                threads.add(Thread.ofPlatform().start(() -> greet(port(server), together, wrong)));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void greet(
            int port, CountDownLatch together, ConcurrentLinkedQueue<String> wrong) {
        try (var socket = new Socket("127.0.0.1", port)) {
            together.countDown();
            together.await(); // all hundred are connected at once
            for (int n = 0; n < MESSAGES; n++) {
                byte[] hello = ("hello " + n).getBytes(StandardCharsets.UTF_8);
                socket.getOutputStream().write(hello);
                byte[] reply = socket.getInputStream().readNBytes(hello.length);
                if (!new String(reply, StandardCharsets.UTF_8).equals("hello " + n)) {
                    wrong.add(
                            "hello "
                                    + n
                                    + " came back as "
                                    + new String(reply, StandardCharsets.UTF_8));
                }
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() != -1) {
                wrong.add("the server did not end its side");
            }
        } catch (IOException | InterruptedException e) {
            wrong.add(e.toString());
        }
    }

    @Test
    void theTelnetServerCountsToFourAndCloses() throws Exception {
        try (var server =
                        StreamServer.bind(
                                "127.0.0.1:0",
                                connection -> {
                                    connection.write("Hello from a telnet!\n");
                                    for (int i = 0; i < 5; i++) {
                                        connection.write(i + "\n");
                                    }
                                });
                var socket = new Socket("127.0.0.1", port(server));
                var lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines())
                    .containsExactly("Hello from a telnet!", "0", "1", "2", "3", "4");
            assertThat(Addresses.format(server.address())).startsWith("127.0.0.1:");
        }
    }

    private static int port(StreamServer server) {
        return ((InetSocketAddress) server.address()).getPort();
    }
}
