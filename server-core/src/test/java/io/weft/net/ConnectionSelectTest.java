package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Select;
import io.weft.Selectable;
import io.weft.Weft;
import io.weft.queue.Queue;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Selecting among connections and queues. */
class ConnectionSelectTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(2);
    private final Queue<Connection> accepted = new Queue<>();
    private final Queue<String> release = new Queue<>();
    private StreamServer server;

    @BeforeEach
    void serve() throws Exception {
        server =
                StreamServer.builder(
                                connection -> {
                                    accepted.put(connection);
                                    for (String _ : release) {}
                                })
                        .listen("127.0.0.1:0")
                        .group(group)
                        .bind();
    }

    @AfterEach
    void end() {
        release.shutdown(true);
        server.close();
        group.close();
    }

    private Connection connect() throws IOException {
        return Connection.connect(server.address(), LONG);
    }

    /** All on one loop: bytes, an item and the end of a coroutine are waited for together. */
    @Test
    void bytesAndItemsAreWaitedForTogether() throws Exception {
        group.next()
                .call(
                        () -> {
                            try (var client = connect();
                                    var peer = accepted.get()) {
                                var commands = new Queue<String>();
                                var readable = client.readable();
                                List<Selectable> both = List.of(readable, commands);
                                assertThat(Select.any(both, SHORT)).isEmpty();
                                peer.write("hello");
                                peer.flush();
                                assertThat(Select.any(both, LONG)).isEqualTo(List.of(readable));
                                assertThat(client.read(5)).hasSize(5); // nothing was taken
                                assertThat(Select.any(both, SHORT)).isEmpty();
                                var selects = Weft.spawn(() -> Select.any(both));
                                Weft.yieldNow();
                                commands.put("stop");
                                assertThat(selects.get()).isEqualTo(List.of(commands));
                            }
                            return null;
                        });
    }

    @Test
    void connectionsOfSeveralLoopsCanBeWaitedFor() throws Exception {
        try (var one = connect();
                var peerOfOne = accepted.get();
                var two = connect();
                var peerOfTwo = accepted.get()) {
            var readable = List.of(one.readable(), two.readable());
            assertThat(Select.any(readable, SHORT)).isEmpty();
            peerOfTwo.write("2");
            peerOfTwo.flush();
            assertThat(Select.any(readable, LONG)).isEqualTo(List.of(readable.get(1)));
            assertThat(two.readExactly(1)).isEqualTo(new byte[] {'2'});
            peerOfOne.write("1");
            peerOfOne.flush();
            assertThat(Select.any(readable, LONG)).isEqualTo(List.of(readable.get(0)));
        }
    }

    @Test
    void theEndOfTheStreamIsReadable() throws Exception {
        try (var client = connect();
                var peer = accepted.get()) {
            peer.shutdownOutput();
            assertThat(Select.any(List.of(client.readable()), LONG)).hasSize(1);
            assertThat(client.read(1)).isNull();
        }
    }

    @Test
    void closingMakesBothSidesReady() throws Exception {
        group.next()
                .call(
                        () -> {
                            var client = connect();
                            var selects = Weft.spawn(() -> Select.any(List.of(client.readable())));
                            Weft.yieldNow();
                            assertThat(selects.isDone()).isFalse();
                            client.close();
                            assertThat(selects.get()).hasSize(1);
                            assertThat(Select.any(List.of(client.writable()), LONG)).hasSize(1);
                            assertThatThrownBy(() -> client.read(1))
                                    .isInstanceOf(IOException.class);
                            return null;
                        });
    }

    @Test
    void aFullOutputIsWritableAgainWhenThePeerReads() throws Exception {
        group.next()
                .call(
                        () -> {
                            try (var client = connect();
                                    var peer = accepted.get()) {
                                assertThat(Select.any(List.of(client.writable()), LONG)).hasSize(1);
                                var writer = Weft.spawn(() -> fill(client));
                                while (!Select.any(List.of(client.writable()), SHORT).isEmpty()) {
                                    Weft.yieldNow();
                                }
                                writer.kill();
                                writer.join();
                                var selects =
                                        Weft.spawn(() -> Select.any(List.of(client.writable())));
                                assertThat(selects.join(SHORT)).isFalse();
                                var reader = Weft.spawn(() -> drain(peer));
                                assertThat(selects.get(LONG)).hasSize(1);
                                client.shutdownOutput();
                                reader.join();
                            }
                            return null;
                        });
    }

    /** A reader that waits gets its bytes; who only selects hears of those that are left. */
    @Test
    void aWaitingReaderComesFirst() throws Exception {
        group.next()
                .call(
                        () -> {
                            try (var client = connect();
                                    var peer = accepted.get()) {
                                var selects =
                                        Weft.spawn(() -> Select.any(List.of(client.readable())));
                                Weft.yieldNow();
                                Coroutine<byte[]> reader = Weft.spawn(() -> client.read(100));
                                Weft.yieldNow();
                                peer.write("for the reader");
                                peer.flush();
                                assertThat(reader.get(LONG)).hasSize(14);
                                assertThat(selects.join(SHORT)).isFalse();
                                peer.write("for all to see");
                                peer.flush();
                                assertThat(selects.get(LONG)).hasSize(1);
                            }
                            return null;
                        });
    }

    private static Void fill(Connection connection) throws IOException {
        var bytes = new byte[64 * 1024];
        while (true) {
            connection.write(bytes);
        }
    }

    private static Void drain(Connection connection) throws IOException {
        var bytes = new byte[64 * 1024];
        while (connection.read(bytes) >= 0) {}
        return null;
    }
}
